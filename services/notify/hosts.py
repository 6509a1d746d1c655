"""Where mail goes: what waits for each domain and since when, and what it has taken of late."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from services.notify.models import Mail, Suppression
from services.notify.rows import gone, stands, unsettled
from shared.settings import trial_domains
from shared.tables import now

LOOKED_AT = 10_000  # mails; of more waiting ones the first are looked at
MOST = 20  # domains that are told
LATELY = timedelta(hours=1)


def state(session: Session) -> dict[str, Any]:
    """The part `mail` of `service.changed.v1`."""
    shown = by_host(session)
    config = current_app.config
    front = _front().where(Mail.deferrals == 0).limit(1)
    oldest = select(func.min(front.subquery().c.created_at))
    return {
        "waiting": session.scalar(select(func.count()).where(stands("queued", "deferred"))) or 0,
        "oldest_at": session.scalar(oldest),
        "in_doubt": doubtful(session),
        "suppressed": session.scalar(select(func.count()).select_from(Suppression)) or 0,
        "stopped": bool(config["MAIL_STOPPED"]),
        "only_to": sorted(trial_domains(config["MAIL_ONLY_TO"])),
        "hosts": shown[:MOST],
    }


def doubtful(session: Session) -> int:
    """How many mails are in doubt."""
    return session.scalar(select(func.count()).where(unsettled("in_doubt"))) or 0


def by_host(session: Session) -> list[dict[str, Any]]:
    """host, waiting, put_off, sent (within the last hour), oldest_at of each domain; those with
    most waiting first.
    """
    found: dict[str, dict[str, Any]] = {}
    front = _front().add_columns(Mail.domain).limit(LOOKED_AT).subquery()
    put_off = func.sum(case((front.c.deferrals > 0, 1), else_=0))
    waiting = select(front.c.domain, func.count(), put_off, func.min(front.c.created_at))
    for name, count, later, oldest in session.execute(waiting.group_by(front.c.domain)):
        found[name] = _row(name) | {"waiting": count, "put_off": later, "oldest_at": oldest}
    for name, count in sent_lately(session):
        found.setdefault(name, _row(name))["sent"] = count
    return sorted(found.values(), key=lambda one: (-one["waiting"], -one["sent"], one["host"]))


def sent_lately(session: Session) -> Sequence[Any]:
    """Each domain to which mails went within the last hour, and how many."""
    sent = (
        select(Mail.domain)
        .where(gone(), Mail.kept.in_(("whole", "masked")), Mail.changed_at > now() - LATELY)
        .where(Mail.state == "sent")
        .limit(LOOKED_AT)
        .subquery()
    )
    return session.execute(select(sent.c.domain, func.count()).group_by(sent.c.domain)).all()


def _row(host: str) -> dict[str, Any]:
    return {"host": host, "waiting": 0, "put_off": 0, "sent": 0, "oldest_at": None}


def _front() -> Any:
    """What waits, in the order in which it will be taken."""
    waits = select(Mail.deferrals, Mail.created_at).where(stands("queued", "deferred"))
    return waits.order_by(Mail.next_attempt_at)
