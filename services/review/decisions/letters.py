"""A decision is a letter: drafted from the profile's words, edited, seen, released.

Released is final: it is what the proposer has, and what intake mails. Until then a case has one
draft at most, and nobody outside hears of it.
"""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.review.cases import search_index
from services.review.lifecycle import publication, transitions
from services.review.lifecycle.transitions import NotAllowed, NotPossible
from services.review.models import Case, Letter, Staff
from services.review.models.states import CaseAction, LetterKind
from services.review.notifications import case_mail
from shared import dates, references, text
from shared.profile import Profile, versions
from shared.tables import now


class Decision(NamedTuple):
    """What the office has decided. Empty words are taken from the profile's reason."""

    kind: LetterKind
    reason: str | None = None  # a value of the profile's reasons; of defer and decline
    wording: str = ""
    change: str = ""  # what would change it
    until: date | None = None  # of defer
    note: str = ""


def draft(session: Session, case: Case, *, by: Staff, decision: Decision) -> Letter:
    """Write the letter of a decision in the proposer's language; it takes the place of a draft
    that is there. Raises NotPossible, NotAllowed, or KeyError for a reason that is none.
    """
    profile = versions.of(session, version=case.profile_version)
    words = profile.letter(decision.kind, case.language)
    variables = _variables(case, profile, decision)
    transitions.apply(session, case, CaseAction.DRAFT_LETTER, by=by, reason=decision.kind)
    session.execute(delete(Letter).where(Letter.case_id == case.id, Letter.released_at.is_(None)))
    letter = Letter(
        case_id=case.id,
        kind=decision.kind,
        language=case.language,
        subject=text.render_line(words["subject"], variables),
        text=text.render(words["text"], variables).strip(),
        reason=decision.reason,
        until=decision.until,
        drafted_by=session.merge(by, load=True),
    )
    session.add(letter)
    search_index.update(session, case, profile=profile)
    session.flush()
    case_mail.decision_waiting(session, case, profile=profile, letter=letter)
    return letter


def open_draft(session: Session, case: Case) -> Letter | None:
    """The letter that waits for release."""
    waiting = select(Letter).where(Letter.case_id == case.id, Letter.released_at.is_(None))
    return session.scalar(waiting)


def released(session: Session, case: Case) -> list[Letter]:
    """The letters that the proposer has, newest first."""
    found = select(Letter).where(Letter.case_id == case.id, Letter.released_at.is_not(None))
    return list(session.scalars(found.order_by(Letter.released_at.desc())))


def edit(session: Session, case: Case, *, by: Staff, words: dict[str, str]) -> Letter:
    """Change subject and text of the draft; whoever did has written it."""
    transitions.apply(session, case, CaseAction.EDIT_LETTER, by=by)
    letter = _draft_of(session, case)
    letter.subject, letter.text = words["subject"], words["text"]
    letter.version += 1
    letter.drafted_by, letter.drafted_at = session.merge(by, load=True), now()
    return letter


def discard(session: Session, case: Case, *, by: Staff, reason: str) -> None:
    """Throw the draft away; the case goes back to where it was before."""
    transitions.apply(session, case, CaseAction.DISCARD_LETTER, by=by, reason=reason)
    session.delete(_draft_of(session, case))
    search_index.update(session, case, profile=versions.of(session, version=case.profile_version))


def release(session: Session, case: Case, *, by: Staff) -> Letter:
    """Send the letter as it stands: the case is decided, the proposer hears it from intake."""
    letter = _draft_of(session, case)
    profile = versions.of(session, version=case.profile_version)
    if needs_second_person(letter, profile=profile, by=by):
        raise NotAllowed("You wrote this letter: somebody else has to release it.")
    transitions.apply(session, case, CaseAction(letter.kind), by=by)
    letter.released_by, letter.released_at = session.merge(by, load=True), now()
    case.outcome = LetterKind(letter.kind).outcome
    case.deferred_until = letter.until if letter.kind == LetterKind.DEFER else None
    case.first_reply_at = case.first_reply_at or now()
    publication.publish(session, case)
    return letter


def needs_second_person(letter: Letter, *, profile: Profile, by: Staff) -> bool:
    """Whether the rule of four eyes keeps this person from releasing the letter."""
    return letter.kind in profile.four_eyes and letter.drafted_by_id == by.id


def _draft_of(session: Session, case: Case) -> Letter:
    letter = open_draft(session, case)
    if letter is None:
        raise NotPossible("No letter waits for release.")
    return letter


def _variables(case: Case, profile: Profile, decision: Decision) -> dict[str, str]:
    spoken = profile.in_language(case.language)
    reason: dict[str, Any] = {}
    if decision.reason is not None:
        reason = profile.reason(decision.reason, case.language)
    who = publication.contact(case, profile=profile)
    return {
        "name": case.people[0]["name"] if case.people else "",
        "title": case.title,
        "reference": references.display(case.reference),
        "institution": spoken.institution["name"],
        "office": spoken.office(case.office)["label"],
        "contact_name": who["name"],
        "contact_email": who["email"],
        "note": decision.note,
        "until": dates.in_words(decision.until, case.language) if decision.until else "",
        "reason": decision.wording or reason.get("wording", ""),
        "change": decision.change or reason.get("change", ""),
    }
