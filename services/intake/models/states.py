"""Every value that a row or an event of intake may hold: states, roles, sides, kinds."""

from enum import StrEnum


class ProposalState(StrEnum):
    """The state of a proposal; a draft has none, and becomes a proposal when it is sent."""

    SUBMITTED = "submitted"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"
    SUSPECTED_SPAM = "quarantined"
    ERASED = "erased"  # stays here: the other services learn it from `person.erased.v1`


class ProposalRole(StrEnum):
    """The role of a person on a proposal."""

    PROPOSER = "proposer"
    CO_PROPOSER = "co_proposer"


class MembershipState(StrEnum):
    """Whether a person has agreed to be on a proposal."""

    ACTIVE = "active"
    INVITED = "invited"
    DECLINED = "declined"


class AccessKind(StrEnum):
    """What a mailed link or a browser grant opens. A link of REMINDERS opens nothing: it ends the
    reminders of a draft.
    """

    DRAFT = "draft"
    PROPOSAL = "proposal"
    REMINDERS = "reminders"


class PublicLabel(StrEnum):
    """The state of a case as its proposer reads it; the profile has the words."""

    RECEIVED = "received"
    BEING_READ = "being_read"
    NEEDS_ANSWER = "needs_answer"
    MEETING = "meeting"
    FEASIBILITY = "feasibility"
    ACCEPTED = "accepted"
    PASSED_ON = "passed_on"
    ON_HOLD = "on_hold"
    NOT_NOW = "not_now"
    COMBINED = "combined"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    IN_DEVELOPMENT = "in_development"
    LIVE = "live"
    RENEWAL_DUE = "renewal_due"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"
    CLOSED_NO_REPLY = "closed_no_reply"

    @property
    def tone(self) -> str:
        """The color of the label: new, ask, ok or no."""
        return _TONES.get(self, "new")

    @property
    def is_undecided(self) -> bool:
        """Whether the office has neither accepted nor refused the idea."""
        return self in _UNDECIDED

    @property
    def awaits_approval(self) -> bool:
        """Whether the idea is accepted and the university has not approved it yet."""
        return self in (PublicLabel.ACCEPTED, PublicLabel.IN_APPROVAL)


_TONES = {
    PublicLabel.NEEDS_ANSWER: "ask",
    **dict.fromkeys((PublicLabel.ACCEPTED, PublicLabel.APPROVED, PublicLabel.LIVE), "ok"),
    **dict.fromkeys((PublicLabel.NOT_NOW, PublicLabel.CLOSED_NO_REPLY), "no"),
}

_UNDECIDED = frozenset(
    {PublicLabel.RECEIVED, PublicLabel.BEING_READ, PublicLabel.NEEDS_ANSWER, PublicLabel.MEETING}
    | {PublicLabel.FEASIBILITY, PublicLabel.ON_HOLD}
)


class MeetingState(StrEnum):
    """The state of the conversation, as `case.changed.v1` reports it."""

    OFFERED = "offered"
    CONFIRMED = "confirmed"
    HELD = "held"


class RouteStepState(StrEnum):
    """The state of an approval step, as `case.changed.v1` reports it."""

    WAITING = "waiting"
    OPEN = "open"
    DONE = "done"
    RETURNED = "returned"


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
    def label(self) -> str:
        """The name of its label in services/intake/labels."""
        return f"fate_{self}"
