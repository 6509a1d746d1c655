"""The events that intake handles."""

from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from services.intake import catalogue, erasure, restore
from services.intake.conversation import messages
from shared import posts
from shared.inbox import Handler
from shared.profile import versions
from shared.restore import inventory
from shared.worker import status_report


def _receive_post(session: Session, data: dict[str, Any]) -> None:
    messages.receive(session, data, window=posts.batching_window(current_app.config))


HANDLERS: dict[str, Handler] = {
    "case.changed.v1": restore.receive_case,
    "post.added.v1": _receive_post,
    "catalogue_entry.changed.v1": catalogue.receive,
    "parked.settled.v1": partial(status_report.receive_decision, service="intake"),
    "profile.published.v1": versions.receive,
    "mail.changed.v1": restore.receive_mail,
    "inventory.taken.v1": inventory.receiver(restore.hold, some_of=restore.SOME_OF),
    "person.erased.v1": restore.receive_erased,
    "person.forgotten.v1": erasure.receive_forgotten,
}
