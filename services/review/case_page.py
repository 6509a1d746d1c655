"""The page of a case: answers in words, open questions, activity, mails, letters."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from services.review import labels
from services.review.cases import audit, deadlines, flags, undelivered_mail
from services.review.cases.search_index import MAIL_FAILED
from services.review.cases.visibility import has_conflict, hides_people, may_read_confidential
from services.review.conversation import messages, notes
from services.review.decisions import letters
from services.review.lifecycle import mail_rows, mail_status, outgoing
from services.review.lifecycle.actions import TRANSITIONS, CaseAction
from services.review.models import Audit, Case, Letter, Note, Outgoing, Post, Staff
from services.review.models.states import CaseEvent
from shared.mails.kinds import KINDS
from shared.mails.reasons import Group
from shared.profile import Profile
from shared.profile import labels as answer_labels
from shared.profile.conditions import holds
from shared.web.ui.steps import StepState

ACTIVITY = labels.CASE_EVENTS | {action.value: row.activity for action, row in TRANSITIONS.items()}
HIDDEN = "Confidential. Only people who work on the case can read this."


ACTORS: dict[str, str] = {  # of entries without a colleague; of all others, the proposer
    CaseAction.REOPEN_AUTOMATICALLY: "Overture",
    CaseEvent.HELD_AS_SPAM: "Automatic check",
}
# What colleagues who are listed on the proposal read of the activity, as its proposer does.
PUBLIC_ACTIVITY = frozenset(
    {
        *(CaseEvent.RECEIVED, CaseEvent.AMENDED, CaseEvent.WITHDRAWN, CaseEvent.MESSAGE_RECEIVED),
        *(CaseAction.ASSIGN_TO_SELF, CaseAction.REASSIGN, CaseAction.UNASSIGN, CaseAction.TRANSFER),
        *(CaseAction.SEND_MESSAGE, CaseAction.ACCEPT, CaseAction.DEFER, CaseAction.DECLINE),
        *(CaseAction.REOPEN, CaseAction.REOPEN_AUTOMATICALLY),
    }
)
LANGUAGES = {"es": "Spanish"}


class Section(NamedTuple):
    """The answers of one section. `title` is "" where its only question says the same."""

    id: str
    title: str
    rows: list[answer_labels.Row]


class NextStep(NamedTuple):
    """What we do next and by when. `clock`: whether a day is due, so that a clock is drawn."""

    text: str
    clock: bool
    share: float
    tone: str


class CasePage(NamedTuple):
    """The contents of the page of a case, in the words of the office."""

    title: str
    listed: bool  # this person is listed on the proposal and reads what its proposer may
    proposer: dict[str, Any] | None  # name, address
    phone: str  # as the proposer gave it; "" for none
    may_call: bool  # whether this person may read the phone number
    co_proposers: list[str]
    language: str  # "" for English
    flags: list[dict[str, Any]]  # title, why, hot, in_emails; the worst first
    agenda: list[str]  # the questions that were answered "not sure"
    sections: list["Section"]  # the answers, without those; the idea first
    unanswered: list[str]  # what could have been answered and was not
    happened: list[dict[str, Any]]  # for parts.track, newest first
    looks: list[Audit]
    mails: list[dict[str, Any]]  # as of lifecycle/mail_rows
    unreachable: bool  # the proposer gets no email, because their mailbox does not exist
    posts: list[Post]
    leaving: list[Outgoing]  # sent, and not left yet
    notes: list[Note]
    draft: Letter | None
    letters: list[Letter]


def build(session: Session, case: Case, *, profile: Profile, member: Staff) -> CasePage:
    """Everything about a case that this person may read."""
    sheets = answer_labels.sheets(profile, case.answers)
    unsure = [row["label"] for sheet in sheets for row in sheet["rows"] if row["not_sure"]]
    listed = has_conflict(case, member)
    confidential = may_read_confidential(case, member=member)
    mails = mail_status.mails_of(session, case)
    return CasePage(
        title=case.title or "(no title)",
        listed=listed,
        proposer=case.people[0] if case.people else None,
        phone=_phone(case, profile) if confidential else "",
        may_call=confidential,
        co_proposers=_co_proposers(case, profile, confidential=confidential),
        language="" if case.language == "en" else LANGUAGES.get(case.language, case.language),
        flags=[] if listed else _flags(case, profile),
        agenda=unsure,
        sections=_sections(case, sheets, confidential=confidential),
        unanswered=_unanswered(case, profile),
        happened=timeline(case, audit.entries(session, case), member=member),
        looks=[] if listed else audit.views(session, case),
        mails=[
            mail_rows.row(case, mail, mails)
            for mail in mails
            if not (listed and _to_staff(mail.kind))
        ],
        unreachable=undelivered_mail.proposer_unreachable(mails),
        posts=messages.messages_of(session, case),
        leaving=[] if listed else outgoing.of_case(session, case),
        notes=[] if listed else notes.notes_of(session, case),
        draft=None if listed else letters.open_draft(session, case),
        letters=letters.released(session, case),
    )


def next_step(due: deadlines.Due) -> NextStep:
    """As in "Talk by Thu, Dec 3", "Talk: 2 days late", "On hold until Mon, Jan 5"."""
    if not due.text:
        return NextStep(due.step, False, 0, "")
    if due.tone == "held" or not due.step:
        text = due.text[0].upper() + due.text[1:]
    else:
        text = f"{due.step}{' by ' if due.tone in ('', 'soon') else ': '}{due.text}"
    return NextStep(text, True, due.share, due.tone)


def timeline(case: Case, rows: Iterable[Audit], *, member: Staff) -> list[dict[str, Any]]:
    """Audit entries as a timeline; those without reasons that a listed colleague may read."""
    if not has_conflict(case, member):
        return [_timeline_entry(row) for row in rows]
    return [_timeline_entry(row, reason="") for row in rows if row.action in PUBLIC_ACTIVITY]


def _timeline_entry(row: Audit, *, reason: str | None = None) -> dict[str, Any]:
    """An audit entry as an entry of a timeline."""
    by = row.staff.name if row.staff else ACTORS.get(row.action, "The proposer")
    why = labels.DECISIONS.get(row.reason, row.reason) if reason is None else reason
    return {
        "title": ACTIVITY.get(row.action, labels.humanize(row.action)),
        "at": row.at,
        "text": f"{by}: {why}" if why else by,
        "state": StepState.DONE,
    }


def _phone(case: Case, profile: Profile) -> str:
    answers = (
        case.answers.get(spec["key"])
        for spec in profile.questions_for(case.branch)
        if spec["type"] == "phone"
    )
    return next((answer for answer in answers if isinstance(answer, str)), "")


def _co_proposers(case: Case, profile: Profile, *, confidential: bool) -> list[str]:
    """The names of the others on the proposal, if this person may read who they are."""
    hidden = not confidential and hides_people(profile, case.branch)
    return [] if hidden else [person["name"] for person in case.people[1:]]


def _to_staff(kind: str) -> bool:
    return kind in KINDS and KINDS[kind].group is Group.STAFF


def _flags(case: Case, profile: Profile) -> list[dict[str, Any]]:
    raised = [(row.flag, profile.flag_label(row.flag)) for row in case.flags]
    return [
        {
            "title": label["label"],
            "why": label.get("hint", ""),
            "hot": flag in flags.URGENT,
            "in_emails": flag == MAIL_FAILED,
        }
        for flag, label in raised
    ]


def _sections(
    case: Case, sheets: list[answer_labels.Sheet], *, confidential: bool
) -> list[Section]:
    """The idea first; who the proposer is, which the form asks before it, comes last."""
    readable = [_readable(sheet, confidential) for sheet in sheets if _has_answers(sheet)]
    idea = [
        at
        for at, sheet in enumerate(readable)
        if any(row["shown"] == [case.title] for row in sheet["rows"])
    ]
    first = idea[-1] if idea else 0
    return [
        Section(
            id=sheet["section"],
            title="" if sheet["title"] == sheet["rows"][0]["label"] else sheet["title"],
            rows=sheet["rows"],
        )
        for sheet in readable[first:] + readable[:first]
    ]


def _has_answers(sheet: answer_labels.Sheet) -> bool:
    return any(not row["not_sure"] for row in sheet["rows"])


def _readable(sheet: answer_labels.Sheet, confidential: bool) -> answer_labels.Sheet:
    rows = [row for row in sheet["rows"] if not row["not_sure"]]
    if not confidential:
        rows = [
            answer_labels.Row(**{**row, "shown": [HIDDEN]}) if row["confidential"] else row
            for row in rows
        ]
    return answer_labels.Sheet(**{**sheet, "rows": rows})


def _unanswered(case: Case, profile: Profile) -> list[str]:
    """The unanswered questions of this branch whose condition holds."""
    assumed = profile.assumed(case.branch)
    return [
        answer_labels.label(spec, case.branch)
        for spec in profile.questions_for(case.branch)
        if spec["key"] not in case.answers
        and spec["type"] != "files"
        and holds(spec.get("when"), case.answers, assumed)
    ]
