"""When each colleague wants which kind of mail: immediately, in the daily summary, or never.

Mail that asks for something can wait for the summary but cannot be turned off. Mail to the mailbox
of the office, invitations, links and alerts always come immediately.
"""

from collections.abc import Mapping

from services.review.models import Staff
from services.review.models.people import LEADS, WORKERS, Role
from services.review.models.states import NotificationTime
from shared.mails.entry import Choice
from shared.mails.kinds import IN_DIGEST, KINDS

CHOICES: dict[str, Choice] = {kind: entry.choice for kind, entry in KINDS.items() if entry.choice}


def offered(member: Staff) -> dict[str, tuple[str, str]]:
    """The choices of this person by kind of mail; the default comes first."""
    if member.role == Role.ADMIN:
        return {}
    for_role = [kind for kind in IN_DIGEST if member.role in LEADS or not CHOICES[kind].leads_only]
    times = (NotificationTime.IMMEDIATELY, NotificationTime.MORNING)
    actionable = dict.fromkeys(for_role, times) if member.role in WORKERS else {}
    return {**actionable, "staff_digest": (NotificationTime.WEEKLY, NotificationTime.NEVER)}


def preference(member: Staff, kind: str) -> NotificationTime:
    """When this person wants this kind of mail."""
    if kind == "staff_digest":
        return NotificationTime.WEEKLY if member.wants_digest else NotificationTime.NEVER
    return NotificationTime(member.mail_wishes.get(kind, NotificationTime.IMMEDIATELY))


def save(member: Staff, selected: Mapping[str, str]) -> None:
    """Store the choices of this person, as far as they were offered."""
    choices = offered(member)
    if "staff_digest" in choices:
        member.wants_digest = selected["staff_digest"] == NotificationTime.WEEKLY
    member.mail_wishes = {
        kind: NotificationTime.MORNING.value
        for kind in IN_DIGEST
        if kind in choices and selected[kind] == NotificationTime.MORNING
    }
