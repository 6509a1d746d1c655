"""Internal notes on a case. The proposer never sees them.

`@` and a name notifies that colleague by mail. A name that matches nobody or several people is
refused, because the author relies on the colleague being notified.
"""

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.review.cases import visibility
from services.review.lifecycle import transitions
from services.review.lifecycle.transitions import CaseAction
from services.review.models import Case, Note, Staff
from services.review.models.people import Role
from services.review.notifications import case_mail
from services.review.staff import people
from shared.profile import versions
from shared.typed import search_key

_AT = re.compile(r"(?<![\w.+%@-])@(?=\w)")  # not the @ of an address
_WORD = re.compile(r"[\w'’-]+")


class UnclearMention(Exception):
    """A mention matches nobody or several people; the message is shown."""


def add(session: Session, case: Case, *, by: Staff, text: str) -> Note:
    """Add a note and mail the colleagues whom it mentions.

    Raises UnclearMention, NotPossible or NotAllowed.
    """
    transitions.apply(session, case, CaseAction.ADD_NOTE, by=by)
    colleagues = mentionable(session, case)
    outside = _without_access(session, case) if "@" in text else []
    named = mentioned(text, colleagues, by=by, outside=outside)
    others = [colleague for colleague in named if colleague.id != by.id]
    names = [colleague.name for colleague in others]
    note = Note(case_id=case.id, staff_id=by.id, text=text, told=names)
    session.add(note)
    profile = versions.of(session, version=case.profile_version)
    for colleague in others:
        case_mail.mentioned(session, case, profile=profile, by=by, to=colleague)
    return note


def mentionable(session: Session, case: Case) -> list[Staff]:
    """Colleagues who can be mentioned: they see the case and are not listed on its proposal."""
    colleagues = people.colleagues(session, office=case.office)
    return [each for each in colleagues if not visibility.has_conflict(case, each)]


def _without_access(session: Session, case: Case) -> list[Staff]:
    """Everybody who cannot see this case: administrators, and colleagues of other offices."""
    elsewhere = Staff.office.is_not(None) & (Staff.office != case.office)
    query = select(Staff).where(Staff.active, (Staff.role == Role.ADMIN) | elsewhere)
    return list(session.scalars(query.order_by(Staff.name, Staff.id)))


def mentioned(
    text: str,
    colleagues: Sequence[Staff],
    *,
    by: Staff | None = None,
    outside: Sequence[Staff] = (),
) -> list[Staff]:
    """The colleagues whom a text mentions, each once, in order: by full name, or by a first name
    that only one of them has. Raises UnclearMention; `outside` are known names that it explains.
    """
    matches: dict[Staff, None] = {}
    for at in _AT.finditer(text):
        matches |= dict.fromkeys(_matches(text[at.end() :], colleagues, by=by, outside=outside))
    return list(matches)


def notes_of(session: Session, case: Case) -> list[Note]:
    """The notes, oldest first."""
    query = select(Note).options(joinedload(Note.staff)).where(Note.case_id == case.id)
    return list(session.scalars(query.order_by(Note.at, Note.id)))


def _matches(
    text: str, colleagues: Sequence[Staff], *, by: Staff | None, outside: Sequence[Staff]
) -> list[Staff]:
    """The colleagues with the name at the beginning of this text."""
    by_full_name = [each for each in colleagues if _starts_with_name(text, each.name)]
    if by_full_name:
        longest = max(len(each.name) for each in by_full_name)
        return [each for each in by_full_name if len(each.name) == longest]
    by_first_name = [each for each in colleagues if _starts_with_name(text, each.name.split()[0])]
    if len(by_first_name) == 1:
        return by_first_name
    word = _WORD.match(text)
    typed = word[0] if word else text[:1]
    if by_first_name:
        names = " or ".join(each.name for each in by_first_name)
        raise UnclearMention(f"“@{typed}” could be {names}. Write the full name.")
    others = [each.name for each in colleagues if by is None or each.id != by.id]
    offer = f"You can mention: {', '.join(others)}." if others else "There is nobody else yet."
    unable = [each.name for each in outside if _is_named(text, each)]
    if unable:
        raise UnclearMention(f"{unable[0]} can’t see this case. {offer}")
    raise UnclearMention(f"No colleague here is named “{typed}”. {offer}")


def _is_named(text: str, colleague: Staff) -> bool:
    first_name = colleague.name.split()[0]
    return _starts_with_name(text, colleague.name) or _starts_with_name(text, first_name)


def _starts_with_name(text: str, name: str) -> bool:
    key, name_key = search_key(text), search_key(name)
    after = key[len(name_key) : len(name_key) + 1]
    return key.startswith(name_key) and not (after.isalnum() or after == "-")
