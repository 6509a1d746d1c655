"""What review listens to."""

from services.review import erasure
from services.review.conversation import messages
from services.review.lifecycle import arrivals, mail_status
from services.review.monitoring import service_status
from shared.inbox import Handler

HANDLERS: dict[str, Handler] = {
    "proposal.changed.v1": arrivals.receive_proposal,
    "post.added.v1": messages.receive,
    "mail.changed.v1": mail_status.receive_mail,
    "service.changed.v1": service_status.record_status,
    "person.erased.v1": erasure.receive,
}
