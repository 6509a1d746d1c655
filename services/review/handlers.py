"""What review listens to."""

from services.review import erasure, operations, posts, triage
from shared.inbox import Handler

HANDLERS: dict[str, Handler] = {
    "proposal.changed.v1": triage.receive_proposal,
    "post.added.v1": posts.receive,
    "mail.changed.v1": triage.receive_mail,
    "service.changed.v1": operations.keep,
    "person.erased.v1": erasure.receive,
}
