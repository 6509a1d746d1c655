"""Metrics of notify: mails by state, age of the oldest waiting mail, suppressed mailboxes."""

from flask import Flask
from prometheus_client.core import GaugeMetricFamily as Gauge
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.notify.mail_table import WAITING, in_states
from services.notify.models import Mail, Suppression
from shared.web.metrics import age, gauge


def init_app(app: Flask) -> None:
    """Show these metrics on /metrics."""
    app.extensions["gauges"] = collect


def collect(session: Session) -> list[Gauge]:
    """Read the metrics from the database."""
    states = session.execute(select(Mail.state, func.count()).group_by(Mail.state)).all()
    waiting = in_states(*WAITING)
    oldest = session.scalar(select(func.min(Mail.created_at)).where(waiting))
    suppressed = session.scalar(select(func.count()).select_from(Suppression)) or 0
    return [
        gauge("mails", "Mails by state", [(state, count) for state, count in states], "state"),
        gauge("mail_oldest_seconds", "Since when the oldest mail waits", [("", age(oldest))]),
        gauge("mailboxes_suppressed", "Mailboxes that get no mail", [("", suppressed)]),
    ]
