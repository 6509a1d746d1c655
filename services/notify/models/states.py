"""Every value that a row of notify may hold: states of a mail, outcomes of an attempt, answers."""

from enum import StrEnum


class MailState(StrEnum):
    """The delivery state of a mail. SENDING is never announced."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    BOUNCED = "bounced"
    UNCONFIRMED = "in_doubt"
    CONFIRMED = "settled"
    EXPIRED = "expired"


class AttemptOutcome(StrEnum):
    """How one attempt to send a mail ended."""

    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    SERVER_TROUBLE = "server_trouble"
    LOST = "lost"
    UNCONFIRMED = "in_doubt"
    INTERRUPTED = "interrupted"  # its sender ended


class KeptText(StrEnum):
    """How much of the text of a mail is kept."""

    WHOLE = "whole"
    MASKED = "masked"  # without links and codes
    NOTHING = "nothing"


class ReportAction(StrEnum):
    """What a delivery report says about a recipient (RFC 3464, 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"
