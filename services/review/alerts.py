"""The mails that go to the office: only review knows who works there."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from services.review import clock, staff
from services.review.models import Case, Letter, Staff
from services.review.models.cases import NOT_DUE, OUTCOMES
from shared import dates, links, mails, references
from shared.profile import Profile, value_of


def new_case(session: Session, case: Case, *, profile: Profile) -> None:
    """Tell the office of the case that somebody has sent something, and until when to reply."""
    language = profile.languages[0]
    branch = {choice["value"]: choice["label"] for choice in _branches(profile, case.branch)}
    variables = {
        "branch": branch.get(case.branch, case.branch),
        "proposer": _proposer(case)["name"],
        "organization": case.organization,
        "summary": value_of(profile, case.answers, "summary") or "",
        "first_reply_by": dates.in_words(case.first_reply_by, language),
    }
    cause = str(case.proposal_id)
    told = _request(case, profile, to=None, kind="staff_alert", cause=cause, more=variables)
    mails.request(session, told)


def assigned(session: Session, case: Case, *, profile: Profile, by: Staff, word: str) -> None:
    """Tell a colleague that she looks after the case now."""
    more = {"by": by.name, "word": word, "due": _due(case, profile)}
    cause = f"{case.id}:{case.revision}"
    told = _request(case, profile, to=case.owner, kind="assigned", cause=cause, more=more)
    mails.request(session, told)


class Hand(NamedTuple):
    """Who passed a case on, why, and the office that had it."""

    by: str
    word: str
    former: str


def passed_on(session: Session, case: Case, *, profile: Profile, hand: Hand) -> None:
    """Tell the office that has the case now."""
    more = {**hand._asdict(), "due": _due(case, profile)}
    cause = f"{case.id}:{case.revision}"
    told = _request(case, profile, to=None, kind="case_passed_on", cause=cause, more=more)
    mails.request(session, told)


def post(  # noqa: PLR0913 - what was said, by whom, and how long the mail waits for more
    session: Session,
    case: Case,
    *,
    profile: Profile,
    post_id: UUID,
    author: str,
    not_before: datetime,
) -> None:
    """Tell whoever looks after the case that the proposer wrote; it waits for what else comes."""
    more = {"author": author, "due": _due(case, profile)}
    cause = f"{case.id}:{post_id}"
    told = _request(case, profile, to=case.owner, kind="post_from_proposer", cause=cause, more=more)
    mails.request(session, told._replace(not_before=not_before))


def awake(session: Session, case: Case, *, profile: Profile) -> None:
    """Tell whoever looks after the case that it is back from hold."""
    cause, more = f"{case.id}:{case.revision}", {"due": _due(case, profile)}
    told = _request(case, profile, to=case.owner, kind="case_awake", cause=cause, more=more)
    mails.request(session, told)


def decision_waiting(session: Session, case: Case, *, profile: Profile, letter: Letter) -> None:
    """Tell those who may release this letter that it waits, once a draft; where nobody else may,
    the office's mailbox hears of it.
    """
    standing = {str(one["address"]).casefold() for one in case.people}
    others: list[Staff | None] = [
        one
        for one in staff.leads(session, office=case.office)
        if one.id != letter.drafted_by_id and one.email not in standing
    ]
    more = {
        "by": letter.drafted_by.name,
        "decision": profile.state_label(OUTCOMES[letter.kind])["label"],
        "due": _due(case, profile),
    }
    for to in others or [None]:
        cause = f"{letter.id}:{to.id if to else case.office}"
        told = _request(case, profile, to=to, kind="decision_waiting", cause=cause, more=more)
        mails.request(session, told)


def promise(session: Session, case: Case, *, profile: Profile, alarm: clock.Alarm) -> None:
    """Tell whoever looks after the case that a promise is near or has passed, else the office; of
    what has passed its leads too.
    """
    language = profile.languages[0]
    more = {
        "promise": profile.promise(alarm.promise, language),
        "due": dates.in_words(alarm.due, language),
        "owner": case.owner.name if case.owner else "",
    }
    owner = case.owner if case.owner and case.owner.active else None
    cause = f"{case.id}:{alarm.promise}:{alarm.due}"
    if alarm.kind == "near":
        told = _request(case, profile, to=owner, kind="promise_near", cause=cause, more=more)
        mails.request(session, told)
        return
    leads = staff.leads(session, office=case.office)
    others = [one for one in leads if one.role == "lead"] or leads
    for to in (owner, *(one for one in others if one is not owner)):
        cause = f"{case.id}:{alarm.promise}:{alarm.due}:{to.id if to else case.office}"
        told = _request(case, profile, to=to, kind="promise_passed", cause=cause, more=more)
        mails.request(session, told)


def unreached(session: Session, case: Case, *, profile: Profile, fate: dict[str, Any]) -> None:
    """Tell whoever looks after the case that a mail did not reach the proposer."""
    proposer = _proposer(case)
    more = {"proposer": proposer["name"], "address": proposer["address"],
            "reason": fate["reason"] or ""}  # fmt: skip
    cause = str(fate["mail_id"])
    told = _request(case, profile, to=case.owner, kind="mail_failed", cause=cause, more=more)
    mails.request(session, told)


def _request(  # noqa: PLR0913 - two it is about, and what it says by name
    case: Case,
    profile: Profile,
    *,
    to: Staff | None,
    kind: str,
    cause: str,
    more: dict[str, str],
) -> mails.Request:
    """A mail to this colleague, or to the mailbox of the office where nobody is named."""
    office = profile.office(case.office)
    contact = office["contact"]
    known = {
        "reference": references.shown(case.reference),
        "title": case.title,
        "institution": profile.institution["name"],
        "office": office["label"],
        "contact_name": contact["name"],
        "contact_email": contact["email"],
        "case_url": links.case(case.reference),
    }
    return mails.Request(
        kind=kind,
        dedupe_key=f"{kind}:{cause}",
        proposal_id=case.proposal_id,
        reference=case.reference,
        person_id=None,
        to_address=to.email if to else contact["email"],
        to_name=to.name if to else contact["name"],
        reply_to=contact,
        language=profile.languages[0],
        profile_version=profile.version,
        variables=known | more,
    )


def _proposer(case: Case) -> dict[str, str]:
    return case.people[0] if case.people else {"name": "", "address": ""}


def _due(case: Case, profile: Profile) -> str:
    day = clock.due_on(case)
    return dates.in_words(day, profile.languages[0]) if day != NOT_DUE else ""


def _branches(profile: Profile, branch: str) -> list[dict[str, str]]:
    return profile.choices(profile.body["branch_question"], branch)
