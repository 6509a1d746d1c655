"""What intake listens to."""

from functools import partial

from services.intake import catalogue, erasure
from services.intake.conversation import messages
from services.intake.proposals import status
from shared.inbox import Handler
from shared.profile import versions
from shared.worker import status_report

HANDLERS: dict[str, Handler] = {
    "case.changed.v1": status.receive_case,
    "post.added.v1": messages.receive,
    "catalogue_entry.changed.v1": catalogue.receive,
    "parked.settled.v1": partial(status_report.receive_decision, service="intake"),
    "profile.published.v1": versions.receive,
    "mail.changed.v1": status.receive_mail,
    "person.forgotten.v1": erasure.receive_forgotten,
}
