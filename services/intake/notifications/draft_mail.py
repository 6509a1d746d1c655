"""The mails about drafts: the link to one, reminders, and the notice that it was deleted."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from services.intake.access import link_tokens
from services.intake.models import Draft, Person
from services.intake.models.states import AccessKind
from services.intake.notifications import recipients
from services.intake.notifications.recipients import recipient_of_draft
from shared import calendar, dates, links
from shared.mails.request import request_mail
from shared.profile import Profile


def draft_saved(
    session: Session, draft: Draft, person: Person, *, profile: Profile, missing: int
) -> None:
    """The link to a draft, for its new mailbox; `missing` counts the questions to answer."""
    extra = _variables(draft, profile=profile, missing=missing)
    recipient = recipient_of_draft(draft, person, profile=profile)
    extra["status_url"] = recipients.link(session, recipient, lasts=link_tokens.DRAFT_LIFETIME)
    wanted = recipients.request(
        recipient, profile, kind="draft_saved", cause=str(uuid4()), extra=extra
    )
    request_mail(session, wanted)


def draft_reminder(  # noqa: PLR0913 - the draft, its person, how long it was idle, what is left
    session: Session,
    draft: Draft,
    person: Person,
    *,
    profile: Profile,
    idle: timedelta,
    missing: int,
) -> None:
    """Remind of a draft: one mail for each change and number of idle days."""
    extra = _variables(draft, profile=profile, missing=missing)
    recipient = recipient_of_draft(draft, person, profile=profile)
    extra["status_url"] = recipients.link(session, recipient, lasts=link_tokens.DRAFT_LIFETIME)
    stop = recipient._replace(kind=AccessKind.REMINDERS)
    token = recipients.token(session, stop, lasts=link_tokens.DRAFT_LIFETIME)
    extra["unsubscribe_url"] = links.stop_reminders(token)
    cause = f"{draft.id}:{draft.changed_at.isoformat()}:{idle.days}"
    wanted = recipients.request(recipient, profile, kind="draft_reminder", cause=cause, extra=extra)
    request_mail(session, wanted)


def draft_deleted(session: Session, draft: Draft, person: Person, *, profile: Profile) -> None:
    """Say that a draft was deleted, and where to start again."""
    recipient = recipient_of_draft(draft, person, profile=profile)
    extra = {"start_url": links.start()}
    wanted = recipients.request(
        recipient, profile, kind="draft_deleted", cause=str(draft.id), extra=extra
    )
    request_mail(session, wanted)


def _variables(draft: Draft, *, profile: Profile, missing: int) -> dict[str, str]:
    until = calendar.local_day(profile, draft.changed_at + link_tokens.DRAFT_LIFETIME)
    return {
        "kept_until": dates.in_words(until, draft.language),
        "left": str(missing) if missing else "",
    }
