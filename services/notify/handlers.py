"""What notify listens to."""

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from services.notify import erasure, requests
from services.notify.sending import doubt
from shared import upkeep
from shared.inbox import Handler
from shared.profile import versions


def _receive_request(session: Session, data: dict[str, Any]) -> None:
    requests.receive(session, data, envelope=requests.envelope_of(current_app.config))


HANDLERS: dict[str, Handler] = {
    "mail.requested.v1": _receive_request,
    "mail.settled.v1": doubt.receive,
    "parked.settled.v1": upkeep.receive_settled,
    "profile.published.v1": versions.receive,
    "person.erased.v1": erasure.receive,
}
