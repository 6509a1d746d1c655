"""A case as its page shows it: answers in words, what is open, what happened, mails, letters."""

from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from services.review import audit, decisions, doubts, flags, notes, posts, triage, words
from services.review.caseload import may_read_confidential
from services.review.models import Audit, Case, Letter, Note, Post, Staff
from shared.profile import Profile, labels
from shared.profile.conditions import holds

HIDDEN = "Confidential. Whoever works on the case can read this."


class Dossier(NamedTuple):
    """What the page of a case is made of, in the words of the office."""

    flags: list[dict[str, Any]]  # title, why, hot; the worst first
    agenda: list[str]  # the questions that were answered "not sure"
    sheets: list[labels.Sheet]  # answers by section, without those
    unanswered: list[str]  # what could have been answered and was not
    happened: list[dict[str, Any]]  # for parts.track, newest first
    looks: list[Audit]
    mails: list[dict[str, Any]]
    posts: list[Post]
    notes: list[Note]
    draft: Letter | None
    letters: list[Letter]


def of(session: Session, case: Case, *, profile: Profile, member: Staff) -> Dossier:
    """Everything about a case that this person may read."""
    sheets = labels.sheets(profile, case.answers)
    open_to_her = may_read_confidential(case, member=member)
    unsure = [row["label"] for sheet in sheets for row in sheet["rows"] if row["not_sure"]]
    return Dossier(
        flags=_flags(case, profile),
        agenda=unsure,
        sheets=[_readable(sheet, open_to_her) for sheet in sheets if _sure(sheet)],
        unanswered=_unanswered(case, profile),
        happened=[happened(row) for row in audit.of(session, case)],
        looks=audit.looks(session, case),
        mails=[_mail(fate) for fate in triage.mails_of(session, case)],
        posts=posts.of(session, case),
        notes=notes.of(session, case),
        draft=decisions.open_draft(session, case),
        letters=decisions.released(session, case),
    )


def happened(row: Audit) -> dict[str, Any]:
    """One deed as an entry of a timeline."""
    by = row.staff.name if row.staff else "The clock" if row.action == "wake" else "The proposer"
    why = words.DECISIONS.get(row.reason, row.reason)
    return {
        "title": words.action(row.action),
        "at": row.at,
        "text": f"{by}: {why}" if why else by,
        "state": "done",
    }


def _flags(case: Case, profile: Profile) -> list[dict[str, Any]]:
    told = [(row.flag, profile.flag_label(row.flag)) for row in case.flags]
    return [
        {"title": label["label"], "why": label.get("hint", ""), "hot": flag in flags.HOT}
        for flag, label in told
    ]


def _sure(sheet: labels.Sheet) -> bool:
    return any(not row["not_sure"] for row in sheet["rows"])


def _readable(sheet: labels.Sheet, open_to_her: bool) -> labels.Sheet:
    rows = [row for row in sheet["rows"] if not row["not_sure"]]
    if not open_to_her:
        rows = [
            labels.Row(**{**row, "shown": [HIDDEN]}) if row["confidential"] else row for row in rows
        ]
    return labels.Sheet(**{**sheet, "rows": rows})


def _unanswered(case: Case, profile: Profile) -> list[str]:
    """What this branch could have answered, where its condition holds."""
    assumed = profile.assumed(case.branch)
    return [
        labels.label(spec, case.branch)
        for spec in profile.questions_for(case.branch)
        if spec["key"] not in case.answers
        and spec["type"] != "files"
        and holds(spec.get("when"), case.answers, assumed)
    ]


def _mail(fate: Any) -> dict[str, Any]:
    title, because = words.mail(fate.kind)
    word, tone = words.fate(fate.state)
    return {
        "id": fate.mail_id,
        "version": fate.version,
        "waits": doubts.waits(fate),
        "unreached": fate.state in triage.UNREACHED and doubts.to_proposer(fate),
        "again": fate.state == "in_doubt" and not doubts.waits(fate),
        "title": title,
        "because": because,
        "fate": word,
        "tone": tone,
        "reason": fate.reason if fate.state not in ("sent", "queued", "settled") else "",
        "at": fate.changed_at,
    }
