"""The forms that stand on the page of a case and of its letter, empty or with their errors.

An act whose form is refused comes back on the page where it stands: open, with its errors, with
everything that was typed.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from wtforms.fields.choices import SelectChoice

from services.review import labels
from services.review.forms.cases import (
    AddNote,
    CaseForm,
    EditLetter,
    ReasonForm,
    Reassign,
    SendMessage,
    Transfer,
)
from services.review.lifecycle.transitions import CaseAction
from services.review.models import Case, Letter, Staff
from shared.profile import Profile
from shared.web.ui import fields
from shared.web.ui.fields import Field

TRANSFER_HINT = (
    "The other office can read this reason. Deadlines and messages carry over, and the proposer"
    " sees the new office and its contact."
)
DISCARD_HINT = "Colleagues can read this reason under Activity."


class Tried(NamedTuple):
    """An act whose form was refused, and that form."""

    act: CaseAction
    form: CaseForm

    @property
    def status(self) -> int:
        """400 for a form whose token has expired, 422 for what was typed."""
        return 400 if self.form.csrf_token.errors else 422


class InlineForms(NamedTuple):
    """The fields of each form by the slug of its act; none where there is nothing to choose."""

    fields: dict[str, list[Field]]
    tried: str  # the slug of the act that was refused; "" for none
    late: bool  # its token has expired
    status: int

    @property
    def wrong(self) -> list[Field]:
        """The fields of the act that was refused."""
        return self.fields.get(self.tried, [])

    @property
    def kept(self) -> bool:
        """Whether something was typed into it, so that the page may say that it is still here."""
        return any(str(field.value).strip() for field in self.wrong)


def on_case(
    case: Case, *, profile: Profile, colleagues: Sequence[Staff], tried: Tried | None
) -> InlineForms:
    """The forms on the page of a case."""
    reopen = _form(CaseAction.REOPEN, ReasonForm, tried)
    shown = {
        CaseAction.SEND_MESSAGE: [
            fields.of(_form(CaseAction.SEND_MESSAGE, SendMessage, tried).text)
        ],
        CaseAction.ADD_NOTE: [fields.of(_form(CaseAction.ADD_NOTE, AddNote, tried).note)],
        CaseAction.REASSIGN: _reassign(
            _form(CaseAction.REASSIGN, Reassign, tried), case, colleagues
        ),
        CaseAction.TRANSFER: _transfer(_form(CaseAction.TRANSFER, Transfer, tried), case, profile),
        CaseAction.REOPEN: [fields.of(reopen.reason, id="reopen-reason", lines=2)],
    }
    return _inline(shown, tried)


def on_letter(waiting: Letter | None, *, tried: Tried | None) -> InlineForms:
    """The forms on the page of a letter."""
    words = {"subject": waiting.subject, "text": waiting.text} if waiting else {}
    edit = _form(CaseAction.EDIT_LETTER, EditLetter, tried, **words)
    discard = _form(CaseAction.DISCARD_LETTER, ReasonForm, tried)
    reason = fields.of(discard.reason, id="discard-reason", lines=2, hint=DISCARD_HINT)
    shown = {
        CaseAction.EDIT_LETTER: [fields.of(edit.subject), fields.of(edit.text)],
        CaseAction.DISCARD_LETTER: [reason],
    }
    return _inline(shown, tried)


def _form(act: CaseAction, kind: type[CaseForm], tried: Tried | None, **words: str) -> Any:
    if tried is not None and tried.act is act:
        return tried.form
    return kind(formdata=None, data=words)


def _inline(shown: dict[CaseAction, list[Field]], tried: Tried | None) -> InlineForms:
    return InlineForms(
        fields={act.slug: form for act, form in shown.items()},
        tried=tried.act.slug if tried else "",
        late=bool(tried and tried.form.csrf_token.errors),
        status=tried.status if tried else 200,
    )


def _reassign(form: Reassign, case: Case, colleagues: Sequence[Staff]) -> list[Field]:
    """Who can be the new owner, and a note."""
    form.to.choices = [
        SelectChoice(str(colleague.id), f"{colleague.name}, {labels.role(colleague.role)}")
        for colleague in colleagues
        if colleague.id != case.owner_id
    ]
    if not form.to.choices:
        return []
    note = fields.of(form.reason, id="reassign-reason", lines=2)
    return [fields.of(form.to, optional=False), note]


def _transfer(form: Transfer, case: Case, profile: Profile) -> list[Field]:
    """Where the case can go, and why."""
    form.office.choices = [
        SelectChoice(office["value"], _with_place(office))
        for office in profile.offices
        if office["value"] != case.office
    ]
    if not form.office.choices:
        return []
    reason = fields.of(form.reason, id="transfer-reason", lines=2, hint=TRANSFER_HINT)
    return [fields.of(form.office, optional=False), reason]


def _with_place(office: dict[str, Any]) -> str:
    place = office.get("place")
    return f"{office['label']}, {place}" if place else str(office["label"])
