"""A decision is a letter: drafted from the texts of the profile, edited, previewed, released.

A released letter is final; intake mails it and shows it. Before that a case has at most one draft,
and the proposer sees nothing of it.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.review.cases import search_index
from services.review.decisions import letter_checks
from services.review.lifecycle import outgoing, publication, transitions
from services.review.lifecycle.actions import CaseAction, NotAllowed, NotPossible
from services.review.lifecycle.outgoing import AT_ONCE
from services.review.models import Case, Letter, Outgoing, Staff
from services.review.models.states import LetterKind, OutgoingKind
from services.review.notifications import case_mail
from shared import dates, references
from shared.profile import Profile, text, versions
from shared.tables import now


class Decision(NamedTuple):
    """What the office has decided. Empty texts are taken from the reason in the profile."""

    kind: LetterKind
    reason: str | None = None  # a value of the reasons in the profile; for defer and decline
    wording: str = ""
    change: str = ""  # what would change the decision
    until: date | None = None  # for defer
    note: str = ""


def draft(session: Session, case: Case, *, by: Staff, decision: Decision) -> Letter:
    """Draft the letter of a decision in the language of the proposer, in place of any draft before.
    Raises NotPossible, NotAllowed, or KeyError for an unknown reason.
    """
    outgoing.refuse_while_letter_leaves(session, case)
    profile = versions.of(session, version=case.profile_version)
    template = profile.letter(decision.kind, case.language)
    variables = _variables(case, profile, decision)
    transitions.apply(session, case, CaseAction.DRAFT_LETTER, by=by, reason=decision.kind)
    session.execute(delete(Letter).where(Letter.case_id == case.id, Letter.released_at.is_(None)))
    letter = Letter(
        case_id=case.id,
        kind=decision.kind,
        language=case.language,
        subject=text.render_line(template["subject"], variables),
        text=text.render(template["text"], variables).strip(),
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
    """The letter that awaits release."""
    query = select(Letter).where(Letter.case_id == case.id, Letter.released_at.is_(None))
    return session.scalar(query)


def released(session: Session, case: Case) -> list[Letter]:
    """The released letters, newest first."""
    query = select(Letter).where(Letter.case_id == case.id, Letter.released_at.is_not(None))
    return list(session.scalars(query.order_by(Letter.released_at.desc())))


def ask_for_release(session: Session, case: Case) -> None:
    """Mail those who can send the draft once more, because it could not be sent."""
    letter = _draft_of(session, case)
    profile = versions.of(session, version=case.profile_version)
    again = f":{case.revision}"
    case_mail.decision_waiting(session, case, profile=profile, letter=letter, again=again)


def edit(session: Session, case: Case, *, by: Staff, words: dict[str, str]) -> Letter:
    """Change subject and text of the draft. The editor becomes its author."""
    outgoing.refuse_while_letter_leaves(session, case)
    transitions.apply(session, case, CaseAction.EDIT_LETTER, by=by)
    letter = _draft_of(session, case)
    letter.subject, letter.text = words["subject"], words["text"]
    letter.version += 1
    letter.drafted_by, letter.drafted_at = session.merge(by, load=True), now()
    return letter


def discard(session: Session, case: Case, *, by: Staff, reason: str) -> None:
    """Discard the draft; the case returns to triage."""
    outgoing.refuse_while_letter_leaves(session, case)
    transitions.apply(session, case, CaseAction.DISCARD_LETTER, by=by, reason=reason)
    session.delete(_draft_of(session, case))
    search_index.update(session, case, profile=versions.of(session, version=case.profile_version))


def send(session: Session, case: Case, *, by: Staff, delay: timedelta = AT_ONCE) -> Outgoing:
    """Send the draft. When it leaves, the case is decided. Raises NotPossible or NotAllowed."""
    outgoing.refuse_while_letter_leaves(session, case)
    letter = _draft_of(session, case)
    profile = versions.of(session, version=case.profile_version)
    if needs_second_person(letter, profile=profile, by=by):
        raise NotAllowed("You wrote this letter, so a colleague has to send it.")
    if faults := letter_checks.check(session, case, letter, profile=profile).faults:
        raise NotPossible(f"This letter can’t be sent yet. {faults[0]}")
    transitions.apply(session, case, CaseAction.SEND_LETTER, by=by)
    return outgoing.add(session, case, OutgoingKind.LETTER, by=by, delay=delay)


def leave(session: Session, case: Case, *, by: Staff) -> Letter:
    """The draft leaves: the case is decided. The caller publishes it, and intake mails the letter.

    Raises NotPossible or NotAllowed if this person may not send it anymore.
    """
    letter = _draft_of(session, case)
    transitions.apply(session, case, CaseAction(letter.kind), by=by)
    letter.released_by, letter.released_at = session.merge(by, load=True), now()
    case.outcome = LetterKind(letter.kind).outcome
    case.deferred_until = letter.until if letter.kind == LetterKind.DEFER else None
    return letter


def needs_second_person(letter: Letter, *, profile: Profile, by: Staff) -> bool:
    """Whether the four-eyes rule asks for another person to release this letter."""
    return letter.kind in profile.four_eyes and letter.drafted_by_id == by.id


def _draft_of(session: Session, case: Case) -> Letter:
    letter = open_draft(session, case)
    if letter is None:
        raise NotPossible("No letter is ready to send.")
    return letter


def _variables(case: Case, profile: Profile, decision: Decision) -> dict[str, str]:
    translated = profile.in_language(case.language)
    reason: dict[str, Any] = {}
    if decision.reason is not None:
        reason = profile.reason(decision.reason, case.language)
    contact = publication.contact(case, profile=profile)
    return {
        "name": case.people[0]["name"] if case.people else "",
        "title": case.title,
        "reference": references.display(case.reference),
        "institution": translated.institution["name"],
        "office": translated.office(case.office)["label"],
        "contact_name": contact["name"],
        "contact_email": contact["email"],
        "note": decision.note,
        "until": dates.in_words(decision.until, case.language) if decision.until else "",
        "reason": decision.wording or reason.get("wording", ""),
        "change": decision.change or reason.get("change", ""),
    }
