"""What colleagues write for each other beside a case; nobody outside the office ever reads it.

`@` and a name has that colleague told by mail. A name that is nobody's, or several people's, is
refused: who counts on being read must not wait for somebody who was never told.
"""

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.review.cases import visibility
from services.review.lifecycle import transitions
from services.review.models import Case, Note, Staff
from services.review.models.states import CaseAction
from services.review.notifications import case_mail
from services.review.staff import people
from shared.profile import versions

_AT = re.compile(r"(?<![^\s(\[{“\"'])@(?=\w)")  # not that of a mail address
_WORD = re.compile(r"[\w'’-]+")


class UnclearMention(Exception):
    """Nobody, or more than one, can be meant; the message is for people."""


def add(session: Session, case: Case, *, by: Staff, text: str) -> Note:
    """Keep a note and tell those whom it names. Raises Unclear, NotPossible or NotAllowed."""
    transitions.apply(session, case, CaseAction.ADD_NOTE, by=by)
    told = [one for one in mentioned(text, mentionable(session, case), by=by) if one.id != by.id]
    note = Note(case_id=case.id, staff_id=by.id, text=text, told=[one.name for one in told])
    session.add(note)
    profile = versions.of(session, version=case.profile_version)
    for colleague in told:
        case_mail.mentioned(session, case, profile=profile, by=by, to=colleague)
    return note


def mentionable(session: Session, case: Case) -> list[Staff]:
    """Those who can be named: they see the case and do not stand on it themselves."""
    colleagues = people.colleagues(session, office=case.office)
    return [one for one in colleagues if not visibility.has_conflict(case, one)]


def mentioned(text: str, colleagues: Sequence[Staff], *, by: Staff | None = None) -> list[Staff]:
    """Whom a text of this person names, each once, in its order: by the whole name, else by a first
    name that only one of them has. Raises Unclear.
    """
    found: dict[Staff, None] = {}
    for at in _AT.finditer(text):
        found |= dict.fromkeys(_matches(text[at.end() :], colleagues, by=by))
    return list(found)


def notes_of(session: Session, case: Case) -> list[Note]:
    """The notes, oldest first."""
    written = select(Note).options(joinedload(Note.staff)).where(Note.case_id == case.id)
    return list(session.scalars(written.order_by(Note.at, Note.id)))


def _matches(rest: str, colleagues: Sequence[Staff], *, by: Staff | None) -> list[Staff]:
    """Whom the name at the beginning of this text means."""
    whole = [one for one in colleagues if _starts_with_name(rest, one.name)]
    if whole:
        longest = max(len(one.name) for one in whole)
        return [one for one in whole if len(one.name) == longest]
    first = [one for one in colleagues if _starts_with_name(rest, one.name.split()[0])]
    if len(first) == 1:
        return first
    word = _WORD.match(rest)
    typed = word[0] if word else rest[:1]
    if first:
        names = " or ".join(one.name for one in first)
        raise UnclearMention(f"“@{typed}” can be {names}. Write the whole name.")
    others = [one.name for one in colleagues if by is None or one.id != by.id]
    offer = f"You can name: {', '.join(others)}." if others else "There is nobody else yet."
    raise UnclearMention(f"No colleague here is called “{typed}”. {offer}")


def _starts_with_name(rest: str, name: str) -> bool:
    said, after = rest[: len(name)], rest[len(name) : len(name) + 1]
    return said.casefold() == name.casefold() and not (after.isalnum() or after == "-")
