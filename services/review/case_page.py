"""A case as its page shows it: answers in words, what is open, what happened, mails, letters."""

from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from services.review import labels
from services.review.cases import audit, flags
from services.review.cases.visibility import may_read_confidential
from services.review.conversation import messages, notes
from services.review.decisions import letters
from services.review.lifecycle import mail_status, unconfirmed_mail
from services.review.models import Audit, Case, Letter, Note, Post, Staff
from services.review.models.states import CaseAction, MailState
from shared.profile import Profile
from shared.profile import labels as answer_labels
from shared.profile.conditions import holds
from shared.web.ui.steps import StepState

HIDDEN = "Confidential. Only people who work on the case can read this."


class CasePage(NamedTuple):
    """What the page of a case is made of, in the words of the office."""

    flags: list[dict[str, Any]]  # title, why, hot; the worst first
    agenda: list[str]  # the questions that were answered "not sure"
    sheets: list[answer_labels.Sheet]  # answers by section, without those
    unanswered: list[str]  # what could have been answered and was not
    happened: list[dict[str, Any]]  # for parts.track, newest first
    looks: list[Audit]
    mails: list[dict[str, Any]]
    posts: list[Post]
    notes: list[Note]
    draft: Letter | None
    letters: list[Letter]


def build(session: Session, case: Case, *, profile: Profile, member: Staff) -> CasePage:
    """Everything about a case that this person may read."""
    sheets = answer_labels.sheets(profile, case.answers)
    open_to_her = may_read_confidential(case, member=member)
    unsure = [row["label"] for sheet in sheets for row in sheet["rows"] if row["not_sure"]]
    return CasePage(
        flags=_flags(case, profile),
        agenda=unsure,
        sheets=[_readable(sheet, open_to_her) for sheet in sheets if _has_answers(sheet)],
        unanswered=_unanswered(case, profile),
        happened=[timeline_entry(row) for row in audit.entries(session, case)],
        looks=audit.views(session, case),
        mails=[_mail(fate) for fate in mail_status.mails_of(session, case)],
        posts=messages.messages_of(session, case),
        notes=notes.notes_of(session, case),
        draft=letters.open_draft(session, case),
        letters=letters.released(session, case),
    )


def timeline_entry(row: Audit) -> dict[str, Any]:
    """One deed as an entry of a timeline."""
    by_clock = row.action == CaseAction.REOPEN_AUTOMATICALLY
    by = row.staff.name if row.staff else "Overture" if by_clock else "The proposer"
    why = labels.DECISIONS.get(row.reason, row.reason)
    return {
        "title": labels.action(row.action),
        "at": row.at,
        "text": f"{by}: {why}" if why else by,
        "state": StepState.DONE,
    }


def _flags(case: Case, profile: Profile) -> list[dict[str, Any]]:
    told = [(row.flag, profile.flag_label(row.flag)) for row in case.flags]
    return [
        {"title": label["label"], "why": label.get("hint", ""), "hot": flag in flags.URGENT}
        for flag, label in told
    ]


def _has_answers(sheet: answer_labels.Sheet) -> bool:
    return any(not row["not_sure"] for row in sheet["rows"])


def _readable(sheet: answer_labels.Sheet, open_to_her: bool) -> answer_labels.Sheet:
    rows = [row for row in sheet["rows"] if not row["not_sure"]]
    if not open_to_her:
        rows = [
            answer_labels.Row(**{**row, "shown": [HIDDEN]}) if row["confidential"] else row
            for row in rows
        ]
    return answer_labels.Sheet(**{**sheet, "rows": rows})


def _unanswered(case: Case, profile: Profile) -> list[str]:
    """What this branch could have answered, where its condition holds."""
    assumed = profile.assumed(case.branch)
    return [
        answer_labels.label(spec, case.branch)
        for spec in profile.questions_for(case.branch)
        if spec["key"] not in case.answers
        and spec["type"] != "files"
        and holds(spec.get("when"), case.answers, assumed)
    ]


def _mail(fate: Any) -> dict[str, Any]:
    state = MailState(fate.state)
    title, because = labels.mail(fate.kind)
    word, tone = labels.mail_state(fate.state)
    return {
        "id": fate.mail_id,
        "version": fate.version,
        "waits": unconfirmed_mail.needs_person(fate),
        "unreached": state.not_reached and unconfirmed_mail.is_to_proposer(fate),
        "again": state is MailState.UNCONFIRMED and not unconfirmed_mail.needs_person(fate),
        "title": title,
        "because": because,
        "fate": word,
        "tone": tone,
        "reason": fate.reason
        if state not in (MailState.SENT, MailState.QUEUED, MailState.CONFIRMED)
        else "",
        "at": fate.changed_at,
    }
