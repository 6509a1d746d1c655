"""The events that notify handles."""

from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from services.notify import erasure, mail_requests
from services.notify.mail_requests import PreparedMail, SendingIdentity
from services.notify.restore import announcing, taking_back
from services.notify.sending import doubt
from shared.inbox import Handler, SlowHandler
from shared.profile import versions
from shared.restore import inventory
from shared.worker import status_report


def _identity() -> SendingIdentity:
    return mail_requests.sending_identity(current_app.config)


def _render_mail(data: dict[str, Any]) -> PreparedMail | None:
    return mail_requests.prepare(data, identity=_identity())


def _store_mail(session: Session, data: dict[str, Any], prepared: PreparedMail | None) -> None:
    prepared = taking_back.in_doubt(session, data, prepared)
    mail_requests.store(session, data, prepared, identity=_identity())


HANDLERS: dict[str, Handler] = {
    "mail.requested.v1": SlowHandler(_render_mail, _store_mail),
    "mail.settled.v1": doubt.receive,
    "mail.changed.v1": taking_back.receive_mail,
    "inventory.taken.v1": inventory.receiver(announcing.hold),
    "parked.settled.v1": partial(status_report.receive_decision, service="notify"),
    "profile.published.v1": versions.receive,
    "person.erased.v1": erasure.receive,
}
