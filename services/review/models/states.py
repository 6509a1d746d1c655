"""Every value that a row or an event of review may hold: states, kinds, answers.

The actions on a case are in `lifecycle.transitions`, beside their table.
"""

from enum import StrEnum


class CaseState(StrEnum):
    """Where a case is. The proposer reads `public_label`, never this."""

    TRIAGE = "triage"
    DECISION_DRAFT = "decision_draft"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # this and the next two follow intake
    SUSPECTED_SPAM = "quarantined"
    ERASED = "erased"

    @property
    def tone(self) -> str:
        """The color of its label: ask, ok, no, or none."""
        return _TONES.get(self, "")

    @property
    def public_label(self) -> str:
        """The label that the proposer reads once the office has decided; "" before."""
        return _PUBLIC_LABELS.get(self, "")


_TONES = {CaseState.DECISION_DRAFT: "ask", CaseState.ACCEPTED: "ok", CaseState.DECLINED: "no"}
_PUBLIC_LABELS = {
    CaseState.ACCEPTED: "accepted",
    CaseState.DEFERRED: "on_hold",
    CaseState.DECLINED: "not_now",
}

OPEN = (CaseState.TRIAGE, CaseState.DECISION_DRAFT, CaseState.ACCEPTED, CaseState.DEFERRED)
WITH_US = (CaseState.TRIAGE, CaseState.DECISION_DRAFT)  # the next step is the office's
OVER = (CaseState.DECLINED, CaseState.WITHDRAWN, CaseState.SUSPECTED_SPAM, CaseState.ERASED)
NOT_ERASED = tuple(state for state in CaseState if state is not CaseState.ERASED)


class CaseEvent(StrEnum):
    """Entries of the audit beside the actions: what the proposer did, and views by staff."""

    RECEIVED = "received"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"
    HELD_AS_SPAM = "held_back"
    MESSAGE_RECEIVED = "post_received"
    TAKEN_BACK = "taken_back"
    NOT_SENT = "not_sent"
    VIEWED = "looked"


class OutgoingKind(StrEnum):
    """What the office sends, and what leaves later."""

    MESSAGE = "message"
    LETTER = "letter"


class LetterKind(StrEnum):
    """A decision. Releasing its letter is the action of the same name."""

    ACCEPT = "accept"
    DEFER = "defer"
    DECLINE = "decline"

    @property
    def outcome(self) -> CaseState:
        """The state of a case whose letter was released."""
        return _OUTCOMES[self]


_OUTCOMES = {
    LetterKind.ACCEPT: CaseState.ACCEPTED,
    LetterKind.DEFER: CaseState.DEFERRED,
    LetterKind.DECLINE: CaseState.DECLINED,
}


class MailState(StrEnum):
    """The delivery state of a mail, as notify reports it."""

    QUEUED = "queued"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    BOUNCED = "bounced"
    UNCONFIRMED = "in_doubt"
    CONFIRMED = "settled"
    EXPIRED = "expired"
    KEPT_BACK = "kept_back"  # trial mode; notify reports it as failed

    @property
    def not_reached(self) -> bool:
        """Whether the mail surely has not reached its recipient and will not be tried again."""
        return self in _NOT_REACHED

    @property
    def tone(self) -> str:
        """The color of its label: new, ask, ok or no."""
        return _MAIL_TONES[self]


_NOT_REACHED = frozenset({MailState.FAILED, MailState.BOUNCED, MailState.EXPIRED})
_MAIL_TONES = {
    **dict.fromkeys((MailState.QUEUED, MailState.DEFERRED, MailState.KEPT_BACK), "new"),
    **dict.fromkeys((MailState.SENT, MailState.CONFIRMED), "ok"),
    **dict.fromkeys(_NOT_REACHED, "no"),
    MailState.UNCONFIRMED: "ask",
}
PROBLEM_MAIL = (*sorted(_NOT_REACHED), MailState.UNCONFIRMED)  # raises the flag of a case


class ProposalState(StrEnum):
    """The state of a proposal at intake, as `proposal.changed.v1` reports it."""

    SUBMITTED = "submitted"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"
    SUSPECTED_SPAM = "quarantined"


class OfferingState(StrEnum):
    """The state of an offering in the catalogue."""

    OFFERED = "offered"
    RETIRED = "retired"


class LinkPurpose(StrEnum):
    """Why a password link was mailed."""

    INVITATION = "invitation"
    RESET = "reset"


class AlertCause(StrEnum):
    """Why a service needs a person. The values are variables of the mail `alarm`."""

    FAILED_EVENTS = "parked"
    MAIL_WAITS = "mail_waits"
    EVENTS_WAIT = "events_wait"
    LOOP_IN_TROUBLE = "trouble"
    SILENT = "silent"
    VISITORS_LIMIT = "limit"
    MISSING = "missing"


class ReminderKind(StrEnum):
    """Whether a deadline is near or has passed."""

    NEAR = "near"
    PASSED = "passed"


class NotificationTime(StrEnum):
    """When a colleague wants a kind of mail. Only the weekly digest has the last two."""

    IMMEDIATELY = "at_once"
    MORNING = "morning"
    WEEKLY = "weekly"
    NEVER = "never"
