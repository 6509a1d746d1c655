"""What the week begins with: how much is new, waits for us and is late, for each of the office.

Each number is counted as the list is that it links to.
"""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.review.models import Staff
from services.review.models.people import Role
from services.review.models.states import CaseState
from services.review.queue import listing
from services.review.queue.listing import UNASSIGNED, Filters
from services.review.staff.mail import staff_mail
from shared import links
from shared.mails.request import MailRequest, request_mail
from shared.profile import Profile

AT_ONCE = 20
READERS = [role for role in Role if role is not Role.ADMIN]
LISTS = {
    "new": Filters(tab=CaseState.TRIAGE, owner=UNASSIGNED),
    "ours": Filters(due="ours"),
    "late": Filters(due="late"),
}


def send(session: Session, *, profile: Profile, today: date) -> int:
    """Mail those who had none today and want it; return how many were looked at.

    Whoever another worker looks at is left to it.
    """
    waiting = select(Staff).where(
        Staff.active,
        Staff.wants_digest,
        Staff.password_hash.is_not(None),
        Staff.role.in_(READERS),
        or_(Staff.digested_on.is_(None), Staff.digested_on < today),
    )
    waiting = waiting.order_by(Staff.id).limit(AT_ONCE).with_for_update(skip_locked=True)
    members = session.scalars(waiting).all()
    for member in members:
        member.digested_on = today
        numbers = {
            name: listing.count(session, member, filters, today=today)
            for name, filters in LISTS.items()
        }
        if any(numbers.values()):  # who has nothing to do needs no mail that says so
            request_mail(session, _notice(member, profile, numbers=numbers, today=today))
    return len(members)


def _notice(
    member: Staff, profile: Profile, *, numbers: dict[str, int], today: date
) -> MailRequest:
    said = {"queue_url": links.queue(), "choose_at": links.account()}
    for name, filters in LISTS.items():
        asked = {key: value for key, value in filters._asdict().items() if value}
        said[name] = f"{numbers[name]:,}"
        said[f"{name}_list"] = links.queue(**asked)
    return staff_mail(member, profile, kind="staff_digest", cause=f"{member.id}:{today}", more=said)
