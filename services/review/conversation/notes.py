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
from services.review.lifecycle.actions import CaseAction
from services.review.models import Case, Note, Staff
from services.review.models.people import Role
from services.review.notifications import case_mail
from services.review.staff import people
from shared.profile import versions
from shared.typed import name_words, search_key

_AT = re.compile(r"(?<![\w.+%@-])@(?=\w)")  # not the @ of an address
_WORD = re.compile(r"[\w'’-]+")
MOST_MENTIONS = 20
LONGEST_NAME = 200  # as far as a text is read for a name


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
    """The colleagues whom a text mentions, each once, in order: by full name, or by a first or last
    name that only one of them has. Raises UnclearMention with all mentions that are unclear;
    `outside` are known names that it explains.
    """
    matches: dict[Staff, None] = {}
    unclear: dict[str, list[Staff]] = {}
    places = list(_AT.finditer(text))
    if len(places) > MOST_MENTIONS:
        raise UnclearMention(
            f"A note can mention up to {MOST_MENTIONS} colleagues. This one has {len(places)}"
            " mentions, so please split it or leave out some."
        )
    for at in places:
        rest = text[at.end() : at.end() + LONGEST_NAME]
        named = _by_full_name(rest, colleagues)
        candidates = named or [each for each in colleagues if _has_part(rest, each)]
        if named or len(candidates) == 1:
            matches |= dict.fromkeys(candidates)
        else:
            unclear[rest] = candidates
    if unclear:
        others = [each for each in colleagues if by is None or each.id != by.id]
        raise UnclearMention(_explanation(unclear, others=others, outside=outside))
    return list(matches)


def notes_of(session: Session, case: Case) -> list[Note]:
    """The notes, oldest first."""
    query = select(Note).options(joinedload(Note.staff)).where(Note.case_id == case.id)
    return list(session.scalars(query.order_by(Note.at, Note.id)))


def _by_full_name(text: str, colleagues: Sequence[Staff]) -> list[Staff]:
    """The colleagues with the longest name at the beginning of this text."""
    lengths = {
        each: max(
            (len(form) for form in _full_names(each) if _starts_with_name(text, form)), default=0
        )
        for each in colleagues
    }
    longest = max(lengths.values(), default=0)
    return [each for each, length in lengths.items() if length == longest > 0]


def _full_names(colleague: Staff) -> list[str]:
    return [colleague.name, " ".join(name_words(colleague.name))]


def _has_part(text: str, colleague: Staff) -> bool:
    """Whether the text begins with their first name, or with one or more last names."""
    words = name_words(colleague.name)
    parts = [words[0], *(" ".join(words[start:]) for start in range(1, len(words)))]
    return any(_starts_with_name(text, part) for part in parts)


def _explanation(
    unclear: dict[str, list[Staff]], *, others: Sequence[Staff], outside: Sequence[Staff]
) -> str:
    """What to write instead, for every mention that is unclear."""
    several, unable, unknown = {}, {}, {}  # as sets that keep their order
    for rest, candidates in unclear.items():
        word = _WORD.match(rest)
        typed = word[0] if word else rest[:1]
        elsewhere = [each.name for each in outside if _is_named(rest, each)]
        if candidates:
            names = " or ".join(each.name for each in candidates)
            several[f"“@{typed}” could be {names}."] = True
        elif elsewhere:
            unable[f"{elsewhere[0]} can’t see this case."] = True
        else:
            unknown[f"“{typed}”"] = True
    sentences = [*several, "Write the full name."] if several else []
    if unknown:
        sentences.append(f"No colleague here is named {' or '.join(unknown)}.")
    sentences += unable
    if unknown or unable:
        names = ", ".join(each.name for each in others)
        sentences.append(f"You can mention: {names}." if names else "There is nobody else yet.")
    return " ".join(sentences)


def _is_named(text: str, colleague: Staff) -> bool:
    return bool(_by_full_name(text, [colleague])) or _has_part(text, colleague)


def _starts_with_name(text: str, name: str) -> bool:
    key, name_key = search_key(text), search_key(name)
    after = key[len(name_key) : len(name_key) + 1]
    return key.startswith(name_key) and not (after.isalnum() or after == "-")
