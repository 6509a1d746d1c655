"""What each of us wants mailed at once, in the morning with everything else, or not at all.

What asks for something may wait for the morning; only what informs may be turned off. Mail to the
mailbox of the office, invitations, links and alarms are nobody's choice: they come at once.
"""

from collections.abc import Mapping

from services.review.models import Staff
from services.review.models.people import LEADS, WORKERS, Role
from services.review.models.states import NotificationTime
from shared.mails.entry import Choice
from shared.mails.kinds import IN_DIGEST, KINDS

CHOICES: dict[str, Choice] = {kind: entry.choice for kind, entry in KINDS.items() if entry.choice}


def offered(member: Staff) -> dict[str, tuple[str, str]]:
    """What this person can choose, by kind of mail; what holds unless she chooses comes first."""
    if member.role == Role.ADMIN:
        return {}
    for_role = [kind for kind in IN_DIGEST if member.role in LEADS or not CHOICES[kind].leads_only]
    times = (NotificationTime.IMMEDIATELY, NotificationTime.MORNING)
    asked = dict.fromkeys(for_role, times) if member.role in WORKERS else {}
    return {**asked, "staff_digest": (NotificationTime.WEEKLY, NotificationTime.NEVER)}


def preference(member: Staff, kind: str) -> NotificationTime:
    """When she wants this kind of mail."""
    if kind == "staff_digest":
        return NotificationTime.WEEKLY if member.wants_digest else NotificationTime.NEVER
    return NotificationTime(member.mail_wishes.get(kind, NotificationTime.IMMEDIATELY))


def save(member: Staff, wanted: Mapping[str, str]) -> None:
    """Keep what she chose of what is offered to her."""
    possible = offered(member)
    if "staff_digest" in possible:
        member.wants_digest = wanted["staff_digest"] == NotificationTime.WEEKLY
    member.mail_wishes = {
        kind: NotificationTime.MORNING.value
        for kind in IN_DIGEST
        if kind in possible and wanted[kind] == NotificationTime.MORNING
    }
