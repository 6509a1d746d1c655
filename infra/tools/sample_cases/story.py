"""Perform the stories of the sample cases: the acts of the staff and the proposer's replies.

A story is performed once. A case that staff have worked on is left alone, so a second start never
interferes with what a user of the demo has done.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from infra.tools.sample_cases import Sample
from services.intake.conversation import messages as proposer_messages
from services.intake.models import Post
from services.intake.proposals import submission
from services.review import departures
from services.review.cases import audit, visibility
from services.review.conversation import messages
from services.review.decisions import letters
from services.review.decisions.letters import Decision
from services.review.lifecycle import assignment
from services.review.models import Case, Staff
from services.review.staff import passwords, people
from shared import calendar, db
from shared.profile import versions
from shared.tables import now

Members = dict[str, Staff]


def create_accounts(
    accounts: dict[str, dict[str, str]], *, passwords_by_email: dict[str, str]
) -> None:
    """Add missing staff and set all passwords.

    A password that a user of the demo has changed is reset, so that the printed ones always work.
    """
    for person in accounts.values():
        email, password = person["email"], passwords_by_email[person["email"]]
        with db.read() as session:
            known = people.find(session, email=email)
        if known and passwords.verify(password, stored=known.password_hash):
            continue
        hashed = passwords.hash_password(password)
        with db.begin() as session:
            member = people.find(session, email=email) or people.add(session, **person)
            people.set_password(session, member, password_hash=hashed)


def arrived(references: list[str]) -> bool:
    """Whether review has a case for each reference."""
    with db.read() as session:
        return all(
            visibility.find(session, None, typed=reference) is not None for reference in references
        )


def perform(sample: Sample, reference: str, *, accounts: dict[str, dict[str, str]]) -> None:
    """Perform the acts of the staff in one transaction. Needs the app context of review."""
    acts = [act for act in sample.story if act["act"] in ACTS]
    with db.begin() as session:
        case = visibility.find(session, None, typed=reference)
        if not acts or case is None or _touched(session, case):
            return
        for act in acts:
            by = people.find(session, email=accounts[act["by"]]["email"])
            if by is None:
                raise LookupError(f"{sample.name}: no account for {act['by']}")
            ACTS[act["act"]](session, case, by, act)


def reply(sample: Sample, reference: str) -> None:
    """Add the replies of the proposer, once. Needs the app context of intake."""
    texts = [act["text"] for act in sample.story if act["act"] == "reply"]
    with db.begin() as session:
        proposal = submission.find(session, typed=reference)
        if proposal is None or not proposal.people:
            return
        stored = select(Post.text).where(Post.proposal_id == proposal.id, Post.side == "proposer")
        for text in set(texts) - set(session.scalars(stored)):
            proposer_messages.add(session, proposal, text=text)


def _touched(session: Session, case: Case) -> bool:
    return any(row.staff_id is not None for row in audit.entries(session, case))


def _take(session: Session, case: Case, by: Staff, _: dict[str, Any]) -> None:
    assignment.assign_to_self(session, case, by=by)


def _write(session: Session, case: Case, by: Staff, act: dict[str, Any]) -> None:
    messages.send(session, case, by=by, text=act["text"])
    departures.leave_due(session, case)


def _draft(session: Session, case: Case, by: Staff, act: dict[str, Any]) -> None:
    """Draft a letter from the fields of `Decision`; `weeks` sets `until`, relative to today."""
    fields = {name: value for name, value in act.items() if name not in ("act", "by", "weeks")}
    if "weeks" in act:
        profile = versions.of(session, version=case.profile_version)
        day = calendar.local_day(profile, now()) + timedelta(weeks=act["weeks"])
        fields["until"] = calendar.add_working_days(profile, day, 0)
    letters.draft(session, case, by=by, decision=Decision(**fields))


def _release(session: Session, case: Case, by: Staff, _: dict[str, Any]) -> None:
    letters.send(session, case, by=by)
    departures.leave_due(session, case)


ACTS: dict[str, Callable[[Session, Case, Staff, dict[str, Any]], None]] = {
    "take": _take,
    "write": _write,
    "draft": _draft,
    "release": _release,
}
