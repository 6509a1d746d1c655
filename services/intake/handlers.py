"""The events that intake handles."""

from functools import partial

from services.intake import catalogue, erasure, restore
from services.intake.conversation import messages
from shared.inbox import Handler
from shared.profile import versions
from shared.restore import inventory
from shared.worker import status_report

HANDLERS: dict[str, Handler] = {
    "case.changed.v1": restore.receive_case,
    "post.added.v1": messages.receive,
    "catalogue_entry.changed.v1": catalogue.receive,
    "parked.settled.v1": partial(status_report.receive_decision, service="intake"),
    "profile.published.v1": versions.receive,
    "mail.changed.v1": restore.receive_mail,
    "inventory.taken.v1": inventory.receiver(restore.hold, some_of=restore.SOME_OF),
    "person.erased.v1": restore.receive_erased,
    "person.forgotten.v1": erasure.receive_forgotten,
}
