"""The weekly digest: how many cases are new, wait for the office, and are late.

Each number is counted with the filters of the list that it links to.
"""

from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.review.models import Staff
from services.review.models.people import Role
from services.review.models.states import CaseState
from services.review.queue import listing
from services.review.queue.listing import UNASSIGNED, Filters
from services.review.staff.mail import staff_mail
from shared import calendar, links
from shared.mails.request import MailRequest, request_mail
from shared.profile import Profile

BATCH = 20
READERS = [role for role in Role if role is not Role.ADMIN]
LISTS = {
    "new": Filters(tab=CaseState.TRIAGE, owner=UNASSIGNED),
    "ours": Filters(due="ours"),
    "late": Filters(due="late"),
}


def is_sent_on(profile: Profile, day: date) -> bool:
    """Whether the digest is sent on this day: the first working day of its week."""
    earlier_days = [day - timedelta(days=back) for back in range(1, day.weekday() + 1)]
    closed = not any(calendar.is_working_day(profile, earlier) for earlier in earlier_days)
    return closed and calendar.is_working_day(profile, day)


def send(session: Session, *, profile: Profile, today: date) -> int:
    """Mail everybody who wants the digest and has not had it today; return how many were checked.

    Locked accounts are left to the worker that holds them.
    """
    query = select(Staff).where(
        Staff.active,
        Staff.wants_digest,
        Staff.password_hash.is_not(None),
        Staff.role.in_(READERS),
        or_(Staff.digested_on.is_(None), Staff.digested_on < today),
    )
    query = query.order_by(Staff.id).limit(BATCH).with_for_update(skip_locked=True)
    members = session.scalars(query).all()
    for member in members:
        member.digested_on = today
        numbers = {
            name: listing.count(session, member, filters, today=today)
            for name, filters in LISTS.items()
        }
        if any(numbers.values()):  # no mail that only says "nothing to do"
            request_mail(session, _digest(member, profile, numbers=numbers, today=today))
    return len(members)


def _digest(
    member: Staff, profile: Profile, *, numbers: dict[str, int], today: date
) -> MailRequest:
    variables = {"queue_url": links.queue(), "choose_at": links.account()}
    for name, filters in LISTS.items():
        filled = {key: value for key, value in filters._asdict().items() if value}
        variables[name] = f"{numbers[name]:,}"
        variables[f"{name}_list"] = links.queue(**filled)
    return staff_mail(
        member, profile, kind="staff_digest", cause=f"{member.id}:{today}", variables=variables
    )
