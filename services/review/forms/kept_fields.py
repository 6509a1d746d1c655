"""What people typed into a form of a case and did not send: which fields are kept, and for whom.

The script of a page keeps it while they type. If the session ended, it travels through the sign-in
page: no act is repeated, no password or account travels, only a page of ours may hand it over, and
only the person for whom the form was made gets it back.
"""

from typing import NamedTuple
from uuid import UUID

from flask import request
from itsdangerous import BadSignature

from services.review.forms.cases import (
    AddNote,
    CaseForm,
    Decide,
    EditLetter,
    ReasonForm,
    Reassign,
    SendMessage,
    Transfer,
)
from shared import references
from shared.web import browsers, cookies, csrf

PREFIX = "kept."
TYPED_BY = "typed_by"  # for whom the form was made, and of which case; signed
FIELDS: dict[str, tuple[str, ...]] = {  # by the route that the form is sent to
    "cases.send_message": ("text",),
    "cases.add_note": ("note",),
    "cases.reassign": ("reason",),
    "cases.transfer": ("reason",),
    "cases.reopen": ("reason",),
    "decisions.draft": ("kind", "reason", "until", "wording", "change", "note"),
    "decisions.edit": ("subject", "text"),
    "decisions.discard": ("reason",),
}
_FORMS: dict[str, type[CaseForm]] = {
    "cases.send_message": SendMessage,
    "cases.add_note": AddNote,
    "cases.reassign": Reassign,
    "cases.transfer": Transfer,
    "decisions.draft": Decide,
    "decisions.edit": EditLetter,
}
_LONG = ("TextAreaField", "StringField")

Pairs = list[tuple[str, str]]


class Kept(NamedTuple):
    """What somebody typed, with the revision of the case that it was typed for."""

    person_id: UUID
    reference: str
    form: str  # the route
    typed: dict[str, str]

    def labelled(self) -> Pairs:
        """The texts with the labels of their fields, in the order of the form."""
        fields = list(_FORMS.get(self.form, ReasonForm)(formdata=None))
        return [
            (str(field.label.text), self.typed[field.name])
            for field in fields
            if field.type in _LONG and self.typed.get(field.name)
        ]


def typed_by(person_id: UUID, reference: str) -> str:
    """The signed note of a form: who types into it, and of which case."""
    return str(_signer().dumps([person_id.hex, references.parse(reference)]))


def author(note: str, *, reference: str) -> UUID | None:
    """The person of this note; None unless we wrote it for a form of this case."""
    try:
        person, case = _signer().loads(note, max_age=int(cookies.KEPT.total_seconds()))
    except BadSignature:
        return None
    return UUID(person) if case and case == references.parse(reference) else None


def of_lost_form() -> Pairs:
    """What the sign-in page carries of a form that was sent after the session had ended."""
    names = FIELDS.get(request.endpoint or "", ())
    reference = str((request.view_args or {}).get("reference", ""))
    note = request.form.get(TYPED_BY, "")
    if request.headers.get("Sec-Fetch-Site") != "same-origin" or not author(
        note, reference=reference
    ):
        return []
    typed = [(name, request.form.get(name, "")) for name in names]
    if not any(text.strip() for _, text in typed):
        return []
    about = [("form", str(request.endpoint)), ("case", reference), (TYPED_BY, note)]
    return [*typed, ("revision", request.form.get("revision", "")), *about]


def on_sign_in_page() -> Pairs:
    """The same, from the form of the sign-in page, which is shown again."""
    if not sent_by_us():
        return []
    pairs = request.form.items()
    return [(name.removeprefix(PREFIX), text) for name, text in pairs if name.startswith(PREFIX)]


def of_sign_in() -> Kept | None:
    """What the form of the sign-in page carries, if it says truly who typed it."""
    carried = dict(on_sign_in_page())
    reference, form = carried.get("case", ""), carried.get("form", "")
    person_id = author(carried.get(TYPED_BY, ""), reference=reference)
    if person_id is None or form not in FIELDS:
        return None
    names = (*FIELDS[form], "revision")
    return Kept(person_id, reference, form, {name: carried.get(name, "") for name in names})


def sent_by_us() -> bool:
    """Whether a page of ours in this browser sent this form."""
    return csrf.valid() and not browsers.from_elsewhere()


def _signer() -> cookies.Signer:
    return cookies.signer("typed by")
