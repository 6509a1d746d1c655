"""The events that review handles."""

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from services.review import erasure, restore
from services.review.conversation import messages
from services.review.lifecycle import arrivals
from services.review.monitoring import service_status
from shared import posts
from shared.inbox import Handler
from shared.profile import versions
from shared.restore import inventory


def _receive_post(session: Session, data: dict[str, Any]) -> None:
    messages.receive(session, data, window=posts.batching_window(current_app.config))


HANDLERS: dict[str, Handler] = {
    "proposal.changed.v1": arrivals.receive_proposal,
    "post.added.v1": _receive_post,
    "mail.changed.v1": restore.receive_mail,
    "inventory.taken.v1": inventory.receiver(restore.hold),
    "profile.published.v1": versions.receive,
    "service.changed.v1": service_status.record_status,
    "person.erased.v1": erasure.receive,
}
