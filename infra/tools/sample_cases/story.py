"""What the demo's office has done: its people are let in, and its cases go on by their own acts.

A story is told once: of a case that somebody of the office has done anything with, nothing is told
again, so that a second start never meddles with what a person did since the first.
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


def let_in(accounts: dict[str, dict[str, str]], *, words: dict[str, str]) -> None:
    """Add whoever is not here yet; everybody can sign in with the password in `words`, by email.

    Whoever chose another one has the printed one again: the demo says how to get in, and it is so.
    """
    with db.begin() as session:
        for person in accounts.values():
            password = words[person["email"]]
            member = people.find(session, email=person["email"]) or people.add(session, **person)
            if not passwords.verify(password, stored=member.password_hash):
                people.set_password(session, member, password=password)


def arrived(references: list[str]) -> bool:
    """Whether review has a case for each of these."""
    with db.read() as session:
        return all(
            visibility.find(session, None, typed=reference) is not None for reference in references
        )


def tell(sample: Sample, reference: str, *, accounts: dict[str, dict[str, str]]) -> None:
    """Do what the office has done with this case, all of it or nothing. In review's app context."""
    deeds = [one for one in sample.story if one["act"] in ACTS]
    with db.begin() as session:
        case = visibility.find(session, None, typed=reference)
        if not deeds or case is None or _touched(session, case):
            return
        for deed in deeds:
            by = people.find(session, email=accounts[deed["by"]]["email"])
            if by is None:
                raise LookupError(f"{sample.name}: {deed['by']} does not work here")
            ACTS[deed["act"]](session, case, by, deed)


def reply(sample: Sample, reference: str) -> None:
    """Say what the proposer has answered, once. In intake's app context."""
    texts = [one["text"] for one in sample.story if one["act"] == "reply"]
    with db.begin() as session:
        proposal = submission.find(session, typed=reference)
        if proposal is None or not proposal.people:
            return
        before = select(Post.text).where(Post.proposal_id == proposal.id, Post.side == "proposer")
        for text in set(texts) - set(session.scalars(before)):
            proposer_messages.add(session, proposal, text=text)


def _touched(session: Session, case: Case) -> bool:
    return any(row.staff_id is not None for row in audit.entries(session, case))


def _take(session: Session, case: Case, by: Staff, _: dict[str, Any]) -> None:
    assignment.assign_to_self(session, case, by=by)


def _write(session: Session, case: Case, by: Staff, deed: dict[str, Any]) -> None:
    messages.send(session, case, by=by, text=deed["text"])


def _draft(session: Session, case: Case, by: Staff, deed: dict[str, Any]) -> None:
    """`kind`, and what the form of a decision takes; `weeks` from today stand for its day, or
    the next on which the office is open."""
    given = {name: value for name, value in deed.items() if name not in ("act", "by", "weeks")}
    if "weeks" in deed:
        profile = versions.of(session, version=case.profile_version)
        day = calendar.local_day(profile, now()) + timedelta(weeks=deed["weeks"])
        given["until"] = calendar.add_working_days(profile, day, 0)
    letters.draft(session, case, by=by, decision=Decision(**given))


def _release(session: Session, case: Case, by: Staff, _: dict[str, Any]) -> None:
    letters.release(session, case, by=by)


ACTS: dict[str, Callable[[Session, Case, Staff, dict[str, Any]], None]] = {
    "take": _take,
    "write": _write,
    "draft": _draft,
    "release": _release,
}
