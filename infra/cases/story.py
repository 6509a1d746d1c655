"""What the demo's office has done: its people are let in, and its cases go on by their own acts.

A story is told once: of a case that somebody of the office has done anything with, nothing is told
again, so that a second start never meddles with what a person did since the first.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from infra.cases import Sample
from services.intake import posts, submissions
from services.intake.models import Post
from services.review import audit, decisions, lifecycle, passwords, staff, triage
from services.review.decisions import Decision
from services.review.models import Case, Staff
from shared import calendar, db
from shared.profile import versions
from shared.tables import now

Members = dict[str, Staff]


def let_in(people: dict[str, dict[str, str]], *, words: dict[str, str]) -> None:
    """Add whoever is not here yet; everybody can sign in with the password in `words`, by email.

    Whoever chose another one has the printed one again: the demo says how to get in, and it is so.
    """
    with db.begin() as session:
        for person in people.values():
            password = words[person["email"]]
            member = staff.find(session, email=person["email"]) or staff.add(session, **person)
            if not passwords.fits(password, stored=member.password_hash):
                staff.set_password(session, member, password=password)


def arrived(references: list[str]) -> bool:
    """Whether review has a case for each of these."""
    with db.read() as session:
        return all(triage.find(session, typed=reference) is not None for reference in references)


def tell(sample: Sample, reference: str, *, people: dict[str, dict[str, str]]) -> None:
    """Do what the office has done with this case, all of it or nothing. In review's app context."""
    deeds = [one for one in sample.story if one["act"] in ACTS]
    with db.begin() as session:
        case = triage.find(session, typed=reference)
        if not deeds or case is None or _touched(session, case):
            return
        for deed in deeds:
            by = staff.find(session, email=people[deed["by"]]["email"])
            if by is None:
                raise LookupError(f"{sample.name}: {deed['by']} does not work here")
            ACTS[deed["act"]](session, case, by, deed)


def reply(sample: Sample, reference: str) -> None:
    """Say what the proposer has answered, once. In intake's app context."""
    texts = [one["text"] for one in sample.story if one["act"] == "reply"]
    with db.begin() as session:
        proposal = submissions.find(session, typed=reference)
        if proposal is None or not proposal.people:
            return
        before = select(Post.text).where(Post.proposal_id == proposal.id, Post.side == "proposer")
        for text in set(texts) - set(session.scalars(before)):
            posts.add(session, proposal, text=text)


def _touched(session: Session, case: Case) -> bool:
    return any(row.staff_id is not None for row in audit.of(session, case))


def _take(session: Session, case: Case, by: Staff, _: dict[str, Any]) -> None:
    lifecycle.take(session, case, by=by)


def _write(session: Session, case: Case, by: Staff, deed: dict[str, Any]) -> None:
    lifecycle.write(session, case, by=by, text=deed["text"])


def _draft(session: Session, case: Case, by: Staff, deed: dict[str, Any]) -> None:
    """`kind`, and what the form of a decision takes; `weeks` from today stand for its day, or
    the next on which the office is open."""
    given = {name: value for name, value in deed.items() if name not in ("act", "by", "weeks")}
    if "weeks" in deed:
        profile = versions.of(session, version=case.profile_version)
        day = calendar.local_day(profile, now()) + timedelta(weeks=deed["weeks"])
        given["until"] = calendar.add_working_days(profile, day, 0)
    decisions.draft(session, case, by=by, decision=Decision(**given))


def _release(session: Session, case: Case, by: Staff, _: dict[str, Any]) -> None:
    decisions.release(session, case, by=by)


ACTS: dict[str, Callable[[Session, Case, Staff, dict[str, Any]], None]] = {
    "take": _take,
    "write": _write,
    "draft": _draft,
    "release": _release,
}
