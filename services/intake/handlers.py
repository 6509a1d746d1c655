"""What intake listens to."""

from services.intake import catalogue, erasure, posts, status
from shared import upkeep
from shared.inbox import Handler
from shared.profile import versions

HANDLERS: dict[str, Handler] = {
    "case.changed.v1": status.receive_case,
    "post.added.v1": posts.receive,
    "catalogue_entry.changed.v1": catalogue.receive,
    "parked.settled.v1": upkeep.receive_settled,
    "profile.published.v1": versions.receive,
    "mail.changed.v1": status.receive_mail,
    "person.forgotten.v1": erasure.receive_forgotten,
}
