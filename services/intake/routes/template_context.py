"""What the templates of intake share: the language, and the functions that they may call."""

from flask import Blueprint, Response, g, request

from services.intake.routes import browser, current_draft, form_addresses
from shared.web import csrf

bp = Blueprint("template_context", __name__, template_folder="../templates")

NAMES = {"en": "English", "es": "Español"}

# Before every other hook, so that their refusals are in the language of the browser too.
bp.record_once(
    lambda state: state.app.before_request_funcs[None].insert(0, browser.choose_language)
)
form_addresses.init(bp)
bp.app_errorhandler(current_draft.NoDraft)(lambda _: current_draft.no_draft_page())


@bp.after_app_request
def _vary(response: Response) -> Response:
    """A page that nobody has chosen a language for is in that of the browser."""
    if request.blueprint != "ui":
        response.vary.add("Accept-Language")
    return response


@bp.app_context_processor
def _template_functions() -> dict[str, object]:
    return {
        "fill": browser.fill,
        "tell": browser.translate,
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
