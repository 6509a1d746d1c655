"""How fast mails may be sent to one domain, so that a slow domain delays no other.

Every domain has a row that all senders share. A mail that has to wait gets its own moment in
`next_attempt_at` and so leaves the front of the queue: a claim costs the same however many wait.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from services.notify.mail_table import MAILS, WAITING, in_states
from services.notify.models import Pace
from shared import db
from shared.tables import now

UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}
BURST_SIZE = 200  # mails of a domain that one claim puts off
BURST = timedelta(seconds=1)  # the unused allowance of this time may be sent at once
AFTER_REST = timedelta(seconds=0.1)  # between two mails to a domain that asked for a rest
FORGOTTEN = timedelta(hours=1)  # after this time, the next rest counts as the first


def spacing(limit: str) -> timedelta | None:
    """The time between two mails to a domain by MAIL_PER_HOST ("20/s", "300/m"); None without one.
    Raises ValueError for anything else.
    """
    if not limit:
        return None
    count, _, unit = limit.partition("/")
    if not count.isdecimal() or int(count) == 0 or unit not in UNITS:
        raise ValueError("MAIL_PER_HOST must read NUMBER/s, NUMBER/m or NUMBER/h.")
    return timedelta(seconds=UNITS[unit] / int(count))


def admit(
    session: Session, front: Sequence[Any], *, every: timedelta | None
) -> tuple[list[uuid.UUID], list[Pace]]:
    """The mails at the front of the queue (`id`, `domain`) that may be sent now, and the domains of
    those that have to wait.
    """
    mails = defaultdict(list)
    for mail in front:
        mails[mail.domain].append(mail.id)
    if every is not None:
        _add(session, sorted(mails))
    admitted: list[uuid.UUID] = []
    waiting: list[Pace] = []
    for row in _rows(session, list(mails)):
        in_domain = mails.pop(row.domain)
        allowed = _how_many(row, len(in_domain), every=every)
        admitted += in_domain[:allowed]
        if allowed < len(in_domain):
            waiting.append(row)
    return admitted + [mail_id for free in mails.values() for mail_id in free], waiting


def put_off(session: Session, row: Pace, *, every: timedelta | None) -> None:
    """Give each due mail of a domain that has to wait its own moment."""
    at = now()
    due = (
        select(MAILS.c.id)
        .where(in_states(*WAITING), MAILS.c.domain == row.domain)
        .where(MAILS.c.next_attempt_at <= at)
        .order_by(MAILS.c.next_attempt_at)
        .limit(BURST_SIZE)
        .with_for_update(skip_locked=True)
    )
    step = every or AFTER_REST
    moment = max(row.planned_until, row.rests_until, row.next_at, at)
    moments = []
    for mail_id in session.scalars(due):
        moment += step
        moments.append({"mail": mail_id, "moment": moment})
    row.planned_until = moment
    if moments:
        later = update(MAILS).where(MAILS.c.id == bindparam("mail"))
        session.execute(later.values(next_attempt_at=bindparam("moment")), moments)


def rest(session: Session, *, domain: str, steps: Sequence[float]) -> None:
    """Leave alone a domain that said "not so fast": longer each time, by the retry steps of a mail.
    Several connections that are refused at the same time count as one.
    """
    at = now()
    _add(session, [domain])
    (row,) = _rows(session, [domain])
    if row.rests_until > at:
        return
    if row.rests_until < at - FORGOTTEN:
        row.rests = 0
    row.rests_until = at + timedelta(seconds=steps[min(row.rests, len(steps) - 1)])
    row.planned_until = row.rests_until
    row.rests += 1


def _how_many(row: Pace, wanted: int, *, every: timedelta | None) -> int:
    at = now()
    if row.rests_until > at:
        return 0
    if every is None:
        return wanted
    count = 0
    row.next_at = max(row.next_at, at - max(BURST, every) + every)
    while count < wanted and row.next_at <= at:
        row.next_at += every
        count += 1
    return count


def _add(session: Session, domains: Sequence[str]) -> None:
    at = now() - timedelta(days=1)
    new = {"next_at": at, "planned_until": at, "rests_until": at, "rests": 0}
    insert = db.insert(session, Pace).on_conflict_do_nothing()
    session.execute(insert, [{"domain": domain, **new} for domain in domains])


def _rows(session: Session, domains: Sequence[str]) -> list[Pace]:
    """The rows of these domains, locked in the same order by every sender."""
    query = select(Pace).where(Pace.domain.in_(domains)).order_by(Pace.domain)
    return list(session.scalars(query.with_for_update()).all())
