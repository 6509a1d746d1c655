"""Drafts: typed page by page, saved at every step, sent once.

A draft keeps everything that was typed, also wrong answers and answers to questions that other
answers have closed since. So people lose nothing when they change an answer and change it back.
`counted_answers` decides which answers count.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from services.intake.access import link_tokens
from services.intake.models import (
    BrowserGrant,
    Draft,
    LinkToken,
    MailStatus,
    Person,
    ProposalPerson,
)
from services.intake.notifications import draft_mail
from services.intake.proposals import submission
from shared.profile import Profile, branch_of, value_of
from shared.profile.answers import values
from shared.profile.conditions import NOT_SURE, holds
from shared.profile.roles import only_choice
from shared.tables import now

KEPT_FOR = link_tokens.DRAFT_LIFETIME
REMIND_AFTER = tuple(timedelta(days=idle) for idle in (7, 30, 55))  # without a change

Spec = dict[str, Any]


def begin(session: Session, *, language: str, typed: Spec) -> Draft:
    """A new draft with its first answers."""
    draft = Draft(
        reference=submission.free_reference(session),
        language=language,
        typed=typed,
        not_sure=[],
        done=[],
        version=1,
        changed_by={},
        unsettled={},
    )
    session.add(draft)
    session.flush()
    return draft


def lock(session: Session, draft: Draft) -> Draft:
    """The draft, locked against other requests until this transaction ends."""
    return session.get_one(Draft, draft.id, with_for_update=True, populate_existing=True)


def record_change(profile: Profile, draft: Draft) -> None:
    """Keep the draft from now on for its whole time, plan its reminder anew, note its contact."""
    draft.changed_at = now()
    draft.contact = _contact(profile, draft)
    plan_reminder(draft, after=draft.changed_at)


def plan_reminder(draft: Draft, *, after: datetime) -> None:
    """Plan the next reminder after this moment, if the draft has a mailbox and is not sent."""
    ahead = [draft.changed_at + idle for idle in REMIND_AFTER if draft.changed_at + idle > after]
    waits = draft.reminds and draft.person_id is not None and draft.proposal_id is None
    draft.remind_at = ahead[0] if waits and ahead else None


def stop_reminding(draft: Draft) -> None:
    """Send no more reminders, until the draft gets another mailbox."""
    draft.reminds, draft.remind_at = False, None


def due_for_reminder(session: Session, *, at: datetime, most: int) -> list[Draft]:
    """Drafts whose reminder may be due, locked until this transaction ends."""
    due = select(Draft).where(Draft.remind_at <= at).order_by(Draft.remind_at).limit(most)
    return list(session.scalars(due.with_for_update(skip_locked=True)))


def reminder_due(draft: Draft, *, at: datetime) -> timedelta | None:
    """Which reminder is due, the latest if some were missed; None for a draft that changed lately
    and for one that is about to be deleted.
    """
    idle = at - draft.changed_at
    past = [each for each in REMIND_AFTER if each <= idle]
    return past[-1] if past and idle < KEPT_FOR else None


def counted_answers(profile: Profile, draft: Draft) -> Spec:
    """The answers as the API takes them: with "not sure", without questions that are not asked."""
    answers = draft.typed | {key: dict(NOT_SURE) for key in draft.not_sure}
    branch = branch_of(profile, answers)
    if branch is None:
        return answers
    while True:
        asked_answers = {
            key: value for key, value in answers.items() if _is_asked(profile, key, branch, answers)
        }
        if len(asked_answers) == len(answers):
            break
        answers = asked_answers
    parted = {key: _asked_parts(profile, key, value, branch) for key, value in answers.items()}
    return {key: value for key, value in parted.items() if value not in ({}, [])}


def text_answers(typed: Spec) -> Spec:
    """The answers that are plain text, which can be used before any validation."""
    return {key: value for key, value in typed.items() if isinstance(value, str)}


def uncounted_keys(profile: Profile, draft: Draft, counted: Spec) -> list[str]:
    """The keys of questions with a typed answer that is not among the counted ones."""
    return [
        spec["key"]
        for spec in profile.questions
        if spec["key"] in draft.typed
        and not _counts(draft.typed[spec["key"]], counted.get(spec["key"]))
    ]


def _counts(typed: Any, counted: Any) -> bool:
    """Whether all that was typed counts; what counts may hold more."""
    if isinstance(typed, dict) and isinstance(counted, dict):
        return all(_counts(value, counted.get(name)) for name, value in typed.items())
    if isinstance(typed, list) and isinstance(counted, list):
        return len(typed) == len(counted) and all(map(_counts, typed, counted))
    return bool(typed == counted)


def draft_of_proposal(session: Session, *, proposal_id: UUID) -> Draft | None:
    """The draft that became this proposal."""
    return session.scalar(select(Draft).where(Draft.proposal_id == proposal_id))


def delete_drafts(session: Session, rows: Collection[Draft]) -> None:
    """Delete these drafts, with their links, grants and mail states."""
    ids = [draft.id for draft in rows]
    for table in (LinkToken, BrowserGrant):
        session.execute(delete(table).where(table.thing_id.in_(ids)))
    session.execute(delete(MailStatus).where(MailStatus.proposal_id.in_(ids)))
    session.execute(delete(Draft).where(Draft.id.in_(ids)))


def delete_expired(session: Session, *, profile: Profile | None) -> int:
    """Delete the drafts that nobody has changed for sixty days; return how many.

    The person of an unsent draft gets a mail, if they have ever opened a mailed link. A mistyped
    address belongs to a stranger.
    """
    old = session.scalars(select(Draft).where(Draft.changed_at < now() - KEPT_FOR).limit(500)).all()
    for draft in old:
        person = session.get(Person, draft.person_id) if draft.person_id else None
        is_verified = person is not None and person.verified_at is not None
        if profile and person and is_verified and draft.proposal_id is None:
            draft_mail.draft_deleted(session, draft, person, profile=profile)
    delete_drafts(session, old)
    for table in (LinkToken, BrowserGrant):
        session.execute(delete(table).where(table.expires_at < now()))
    _delete_unused_people(session)
    return len(old)


def _delete_unused_people(session: Session) -> None:
    """Delete people who have no proposal, draft or link anymore."""
    uses = [
        exists().where(table.person_id == Person.id) for table in (ProposalPerson, Draft, LinkToken)
    ]
    unused = [~use for use in uses]
    session.execute(delete(Person).where(Person.created_at < now() - KEPT_FOR, *unused))


def drafts_naming(session: Session, *, address: str) -> list[Draft]:
    """The drafts in which this mailbox (casefolded) was typed, sent or not."""
    rows = session.scalars(select(Draft).execution_options(yield_per=200))
    return [
        draft
        for draft in rows
        if draft.contact == address or _holds([draft.typed, draft.unsettled], address)
    ]


def without_address(value: Any, address: str) -> Any:
    """The value without the list entries that name this mailbox."""
    if isinstance(value, dict):
        return {key: without_address(inner, address) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_address(item, address) for item in value if not _holds(item, address)]
    return value


def _contact(profile: Profile, draft: Draft) -> str | None:
    try:
        return values.email({}, value_of(profile, draft.typed, "contact")).casefold()
    except ValidationError:
        return None


def _holds(value: Any, address: str) -> bool:
    if isinstance(value, dict | list):
        items = value.values() if isinstance(value, dict) else value
        return any(_holds(item, address) for item in items)
    return isinstance(value, str) and value.strip().casefold() == address


def _is_asked(profile: Profile, key: str, branch: str, answers: Spec) -> bool:
    spec = profile.by_key.get(key)
    if spec is None or profile.need(spec, branch) == "absent":
        return False
    return holds(spec.get("when"), answers, profile.assumed(branch))


def _asked_parts(profile: Profile, key: str, value: Any, branch: str) -> Any:
    """The value without the parts that the other parts close."""
    spec = profile.question(key)
    if spec["type"] == "composite" and isinstance(value, dict) and value != NOT_SURE:
        return _parts(profile, spec, value, branch)
    if spec["type"] in ("people", "organizations") and isinstance(value, list):
        return [_parts(profile, spec, row, branch) for row in value if isinstance(row, dict)]
    return value


def _parts(profile: Profile, spec: Spec, value: Spec, branch: str) -> Spec:
    """The parts that are asked; one with a single choice is answered without being asked."""
    asked = [
        part
        for part in spec["parts"]
        if profile.need(part, branch) != "absent" and holds(part.get("when"), value, {})
    ]
    settled = {part["name"]: only_choice(profile, part, branch) for part in asked if value}
    answers = value | {name: choice for name, choice in settled.items() if choice}
    return {part["name"]: answers[part["name"]] for part in asked if part["name"] in answers}
