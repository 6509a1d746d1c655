"""The frame that the pages of intake share: the language, and what their templates may call."""

from flask import Blueprint, g, request

from services.intake.routes import going, visit
from services.intake.words import tell
from shared.web import csrf

bp = Blueprint("pages", __name__, template_folder="../templates")

NAMES = {"en": "English", "es": "Español"}

bp.before_app_request(visit.language)
bp.app_errorhandler(going.Lost)(lambda _: going.lost())


@bp.app_context_processor
def _offered() -> dict[str, object]:
    return {
        "fill": visit.fill,
        "tell": tell,
        "csrf": csrf.token,
        "other_languages": _other_languages,
        "contact_office": lambda: g.get("office"),
    }


def _other_languages() -> list[tuple[str, str, str]]:
    """Address, name and code of this page in each other language."""
    return [
        (f"{request.path}?lang={code}", NAMES[code], code)
        for code in g.get("languages", [])
        if code != g.language
    ]
