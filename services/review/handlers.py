"""What review listens to."""

from services.review import erasure, posts, triage
from shared.inbox import Handler

HANDLERS: dict[str, Handler] = {
    "proposal.changed.v1": triage.receive_proposal,
    "post.added.v1": posts.receive,
    "mail.changed.v1": triage.receive_mail,
    "person.erased.v1": erasure.receive,
}
