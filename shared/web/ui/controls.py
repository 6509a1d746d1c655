"""The HTML attributes of the control of a field: type, width, description."""

from typing import Any, NamedTuple

from shared.web.ui.fields import attribute, id_of


class Input(NamedTuple):
    """The attributes of a one-line input; "" leaves an attribute out."""

    type: str
    mode: str = ""  # inputmode: which keyboard a phone shows
    autocomplete: str = ""
    spellcheck: bool = False
    width: str = ""  # a class of public.css: short, medium, or none for the whole line


# Only fields about the person at the keyboard set `autocomplete`: most addresses are of others.
INPUTS = {
    "text": Input("text", spellcheck=True),
    "email": Input("email", "email", "off"),
    "phone": Input("tel", "tel", "off", width="medium"),
    "url": Input("url", "url"),
    "number": Input("text", "decimal", "off", width="short"),
    "money": Input("text", "numeric", "off", width="medium"),
    "date_or_month": Input("text", "text", "off", width="medium"),
    "date": Input("date", "", "off", width="medium"),
    "code": Input("text", "numeric", "one-time-code", width="medium"),
    "password": Input("password", "", "current-password"),
    "search": Input("search", "search", "off"),
}


def input_of(field: Any) -> Input:
    """The input of a one-line field; the width of the field wins."""
    default = INPUTS[attribute(field, "kind")]
    return default._replace(width=attribute(field, "width") or default.width)


def described_by(field: Any, *, counted: bool = True) -> str:
    """The ids for aria-describedby: hint, errors and counter, if they exist.

    A counter describes a control, never a group; groups pass counted=False.
    """
    has_counter = counted and (attribute(field, "most") or attribute(field, "note"))
    present = {
        "h": attribute(field, "hint"),
        "e": attribute(field, "errors"),
        "c": has_counter,
    }
    return " ".join(f"{id_of(field)}-{end}" for end, exists in present.items() if exists)
