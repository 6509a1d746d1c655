"""The forms that stand on the page of a case and of its letter, empty or with their errors.

An act whose form is refused comes back on the page where it stands: open, with its errors, with
everything that was typed.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from wtforms.fields.choices import SelectChoice

from services.review import labels
from services.review.cases.unsent_texts import Unsent
from services.review.forms.cases import (
    AddNote,
    CaseForm,
    EditLetter,
    ReasonForm,
    Reassign,
    SendMessage,
    Transfer,
)
from services.review.lifecycle.actions import CaseAction
from services.review.models import Case, Letter, Staff, UnsentText
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


class Entered(NamedTuple):
    """What somebody has entered on a page: the act that was refused, and texts not sent yet."""

    tried: Tried | None
    unsent: Unsent

    def form(self, act: CaseAction, kind: type[CaseForm], **words: str) -> Any:
        """The form of this act with what was posted, else typed before, else these words."""
        if self.tried is not None and self.tried.act is act:
            return self.tried.form
        return kind(formdata=None, data={**words, **self.unsent.of(_route(act))})


class InlineForms(NamedTuple):
    """The fields of each form by the slug of its act; none where there is nothing to choose."""

    fields: dict[str, list[Field]]
    tried: str  # the slug of the act that was refused; "" for none
    late: bool  # its token has expired
    status: int
    unsent: dict[str, UnsentText | None]  # what was typed before, by the slug of the act
    edited_at: str = ""  # the revision of the letter whose text is in its form; "" for the newest

    @property
    def wrong(self) -> list[Field]:
        """The fields of the act that was refused."""
        return self.fields.get(self.tried, [])

    @property
    def kept(self) -> bool:
        """Whether something was typed into it, so that the page may say that it is still here."""
        return any(str(field.value).strip() for field in self.wrong)


def on_case(
    case: Case, *, profile: Profile, colleagues: Sequence[Staff], entered: Entered
) -> InlineForms:
    """The forms on the page of a case."""
    message = entered.form(CaseAction.SEND_MESSAGE, SendMessage)
    note = entered.form(CaseAction.ADD_NOTE, AddNote)
    reassign = entered.form(CaseAction.REASSIGN, Reassign)
    transfer = entered.form(CaseAction.TRANSFER, Transfer)
    reopen = entered.form(CaseAction.REOPEN, ReasonForm)
    shown = {
        CaseAction.SEND_MESSAGE: [fields.of(message.text)],
        CaseAction.ADD_NOTE: [fields.of(note.note)],
        CaseAction.REASSIGN: _reassign(reassign, case, colleagues),
        CaseAction.TRANSFER: _transfer(transfer, case, profile),
        CaseAction.REOPEN: [fields.of(reopen.reason, id="reopen-reason", lines=2)],
    }
    return _inline(shown, entered)


def on_letter(waiting: Letter | None, *, entered: Entered) -> InlineForms:
    """The forms on the page of a letter."""
    words = {"subject": waiting.subject, "text": waiting.text} if waiting else {}
    edit = entered.form(CaseAction.EDIT_LETTER, EditLetter, **words)
    discard = entered.form(CaseAction.DISCARD_LETTER, ReasonForm)
    reason = fields.of(discard.reason, id="discard-reason", lines=2, hint=DISCARD_HINT)
    shown = {
        CaseAction.EDIT_LETTER: [fields.of(edit.subject), fields.of(edit.text)],
        CaseAction.DISCARD_LETTER: [reason],
    }
    return _inline(shown, entered)._replace(edited_at=_edited_at(entered))


def _edited_at(entered: Entered) -> str:
    """Typed text stays with the revision that it was typed for, so that it never replaces what a
    colleague wrote meanwhile without a question.
    """
    tried = entered.tried
    if tried is not None and tried.act is CaseAction.EDIT_LETTER:
        return str(tried.form.revision.data or "")
    unsent = entered.unsent.rows.get(_route(CaseAction.EDIT_LETTER))
    return unsent.texts.get("revision", "") if unsent else ""


def act_of(route: str) -> CaseAction:
    """The act of the form that is sent to this endpoint."""
    return next(act for act in CaseAction if _route(act) == route)


def _route(act: CaseAction) -> str:
    """The endpoint of the form of this act."""
    letter_acts = {
        CaseAction.DRAFT_LETTER: "decisions.draft",
        CaseAction.EDIT_LETTER: "decisions.edit",
        CaseAction.DISCARD_LETTER: "decisions.discard",
    }
    return letter_acts.get(act, f"cases.{act.slug}")


def _inline(shown: dict[CaseAction, list[Field]], entered: Entered) -> InlineForms:
    tried = entered.tried
    return InlineForms(
        fields={act.slug: form for act, form in shown.items()},
        tried=tried.act.slug if tried else "",
        late=bool(tried and tried.form.csrf_token.errors),
        status=tried.status if tried else 200,
        unsent={act.slug: entered.unsent.rows.get(_route(act)) for act in shown},
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
