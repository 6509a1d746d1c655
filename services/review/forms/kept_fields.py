"""Long texts that travel through the sign-in page when a session ended while somebody wrote them.

They are shown again and nothing else: no act is repeated, and no password, choice or account
travels. Only a page of ours may hand them over, so that no other site can put words in a form.
"""

from flask import request

from shared.web import browsers, csrf

PREFIX = "kept."
LONG_TEXTS = {  # by the route that the form was sent to
    "cases.send_message": ("text",),
    "cases.add_note": ("note",),
    "cases.reassign": ("reason",),
    "cases.transfer": ("reason",),
    "cases.reopen": ("reason",),
    "decisions.draft": ("wording", "change", "note"),
    "decisions.edit": ("subject", "text"),
    "decisions.discard": ("reason",),
}
_NAMES = tuple(dict.fromkeys(name for names in LONG_TEXTS.values() for name in names))

Pairs = list[tuple[str, str]]


def of_lost_form() -> Pairs:
    """The long texts of a form that was sent after the session had ended."""
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return []
    return _filled({name: name for name in LONG_TEXTS.get(request.endpoint or "", ())})


def of_sign_in() -> Pairs:
    """The long texts that the form of the sign-in page carries."""
    return _filled({name: PREFIX + name for name in _NAMES}) if sent_by_us() else []


def sent_by_us() -> bool:
    """Whether a page of ours in this browser sent this form."""
    return csrf.valid() and not browsers.from_elsewhere()


def _filled(fields: dict[str, str]) -> Pairs:
    texts = ((name, request.form.get(field, "")) for name, field in fields.items())
    return [(name, text) for name, text in texts if text.strip()]
