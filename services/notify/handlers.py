"""What notify listens to."""

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from services.notify import erasure, requests
from services.notify.sending import doubt
from shared.inbox import Handler
from shared.profile import versions
from shared.settings import trial_domains


def _receive_request(session: Session, data: dict[str, Any]) -> None:
    config = current_app.config
    only_to = trial_domains(config["MAIL_ONLY_TO"])
    requests.receive(session, data, sender=config["MAIL_FROM"], only_to=only_to)


HANDLERS: dict[str, Handler] = {
    "mail.requested.v1": _receive_request,
    "mail.settled.v1": doubt.receive,
    "profile.published.v1": versions.receive,
    "person.erased.v1": erasure.receive,
}
