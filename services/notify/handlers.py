"""The events that notify handles."""

from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from services.notify import erasure, mail_requests
from services.notify.sending import doubt
from shared.inbox import Handler
from shared.profile import versions
from shared.worker import status_report


def _receive_request(session: Session, data: dict[str, Any]) -> None:
    mail_requests.receive(
        session, data, identity=mail_requests.sending_identity(current_app.config)
    )


HANDLERS: dict[str, Handler] = {
    "mail.requested.v1": _receive_request,
    "mail.settled.v1": doubt.receive,
    "parked.settled.v1": partial(status_report.receive_decision, service="notify"),
    "profile.published.v1": versions.receive,
    "person.erased.v1": erasure.receive,
}
