"""Mail by domain: what waits and since when, and what was sent in the last hour."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from services.notify.mail_table import WAITING, in_states, is_final, unsettled
from services.notify.models import Mail, Suppression
from services.notify.models.states import KeptText, MailState
from shared.tables import now

MAX_SCANNED = 10_000  # mails at the front of the queue; the rest are not counted by domain
MAX_LISTED = 20  # domains in a report
RECENT = timedelta(hours=1)


def mail_report(
    session: Session, *, stopped: bool = False, only_to: Collection[str] = ()
) -> dict[str, Any]:
    """The part `mail` of `service.changed.v1`; `only_to` are the domains of trial mode."""
    domains = by_domain(session)
    front = _waiting().where(Mail.deferrals == 0).limit(1)
    oldest = select(func.min(front.subquery().c.created_at))
    return {
        "waiting": session.scalar(select(func.count()).where(in_states(*WAITING))) or 0,
        "oldest_at": session.scalar(oldest),
        "in_doubt": count_unconfirmed(session),
        "suppressed": session.scalar(select(func.count()).select_from(Suppression)) or 0,
        "stopped": stopped,
        "only_to": sorted(only_to),
        "hosts": domains[:MAX_LISTED],
    }


def count_unconfirmed(session: Session) -> int:
    """How many mails are in doubt."""
    return session.scalar(select(func.count()).where(unsettled(MailState.UNCONFIRMED))) or 0


def by_domain(session: Session) -> list[dict[str, Any]]:
    """host, waiting, put_off, sent (in the last hour) and oldest_at of each domain; the domain with
    most waiting mail first.
    """
    rows: dict[str, dict[str, Any]] = {}
    front = _waiting().add_columns(Mail.domain).limit(MAX_SCANNED).subquery()
    put_off = func.sum(case((front.c.deferrals > 0, 1), else_=0))
    waiting = select(front.c.domain, func.count(), put_off, func.min(front.c.created_at))
    for name, count, later, oldest in session.execute(waiting.group_by(front.c.domain)):
        rows[name] = _row(name) | {"waiting": count, "put_off": later, "oldest_at": oldest}
    for name, count in sent_recently(session):
        rows.setdefault(name, _row(name))["sent"] = count
    return sorted(rows.values(), key=lambda row: (-row["waiting"], -row["sent"], row["host"]))


def sent_recently(session: Session) -> Sequence[Any]:
    """Each domain that got mail in the last hour, and how many."""
    sent = (
        select(Mail.domain)
        .where(
            is_final(),
            Mail.kept.in_((KeptText.WHOLE, KeptText.MASKED)),
            Mail.changed_at > now() - RECENT,
        )
        .where(Mail.state == MailState.SENT)
        .limit(MAX_SCANNED)
        .subquery()
    )
    return session.execute(select(sent.c.domain, func.count()).group_by(sent.c.domain)).all()


def _row(host: str) -> dict[str, Any]:
    return {"host": host, "waiting": 0, "put_off": 0, "sent": 0, "oldest_at": None}


def _waiting() -> Any:
    """Waiting mail, in the order in which it will be claimed."""
    waits = select(Mail.deferrals, Mail.created_at).where(in_states(*WAITING))
    return waits.order_by(Mail.next_attempt_at)
