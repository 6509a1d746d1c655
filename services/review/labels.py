"""The words of the office for events, roles, states and causes."""

from typing import Any

from services.review.models.states import CaseEvent, CaseState, MailState
from shared.inbox.failures import LATER_RELEASE, FailureKind, failure_kind
from shared.mails.kinds import KINDS
from shared.profile import Profile

CASE_EVENTS: dict[str, str] = {  # in the activity of a case; actions are in the transitions
    CaseEvent.RECEIVED: "Received",
    CaseEvent.AMENDED: "Proposer changed the answers",
    CaseEvent.WITHDRAWN: "Withdrawn by the proposer",
    CaseEvent.HELD_AS_SPAM: "Marked as suspected spam",
    CaseEvent.MESSAGE_RECEIVED: "Message from the proposer",
    CaseEvent.TAKEN_BACK: "Taken back from what the proposer sees, after a restore",
    CaseEvent.NOT_SENT: "Could not be sent",
    CaseEvent.VIEWED: "Viewed",
}
ROLE_LABELS = {
    "triage": "Coordinator: works on cases, drafts letters, reassigns and transfers any case",
    "assessor": "Assessor: works on cases, drafts letters; confidential answers only if the owner",
    "lead": "Lead: as a coordinator; also sends letters and reopens cases",
    "director": "Director: same permissions as a lead",
    "auditor": "Auditor: read only",
    "admin": "Administrator: accounts and operations, no cases",
}
NOTIFICATION_TIMES = {
    "at_once": "Immediately",
    "morning": "Daily summary",
    "weekly": "Weekly, on the first business day",
    "never": "Never",
}
DECISIONS = {"accept": "Accept", "defer": "Put on hold", "decline": "Decline"}
MAIL_STATES = {
    MailState.QUEUED: "Queued",
    MailState.SENT: "Sent",
    MailState.CONFIRMED: "Delivered",
    MailState.DEFERRED: "Delayed, retrying",
    MailState.FAILED: "Failed",
    MailState.BOUNCED: "Bounced",
    MailState.KEPT_BACK: "Not sent (trial mode)",
    MailState.EXPIRED: "Expired",
    MailState.UNCONFIRMED: "Unconfirmed",
}
FAILED_EVENT_REASONS = {
    FailureKind.TOO_LARGE: "The event is too large.",
    FailureKind.UNDECODABLE: "The event cannot be read.",
    FailureKind.BAD_ENVELOPE: "The event cannot be read.",
    FailureKind.BAD_DATA: "The event lacks data or has wrong data.",
    FailureKind.REFUSED: "The service rejected its content.",
    FailureKind.HANDLER_ERROR: "Something went wrong. Check the log of the service.",
    FailureKind.CRASH_LOOP: "It crashed the worker three times.",
    FailureKind.DEAD_LETTER: "The queue gave up after many attempts.",
    FailureKind.NOT_YET: "What it refers to never arrived.",
    **dict.fromkeys(
        LATER_RELEASE, "It comes from a newer release, which this service does not know."
    ),
}
ALERT_CAUSES = {  # by the cause
    "parked": "Some events failed (see below).",
    "mail_waits": "Mail has been waiting too long (see below).",
    "events_wait": "The service can’t send events. Check /readyz.",
    "trouble": "A background task keeps failing.",
    "missing": "Another service has what is missing here.",
}
IN_REVIEW = "In review"  # a case in triage that has an owner
# A case in triage is new until it has an owner, so the pages decide about its color.
TONES: dict[str, str] = {state: state.tone for state in CaseState if state is not CaseState.TRIAGE}
TIME_ZONES = {  # as people say them; another zone is named after its city
    "America/New_York": "Eastern",
    "America/Detroit": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "UTC": "UTC",
}


def humanize(value: str) -> str:
    """A value without a word of its own, at least without underscores."""
    return value.replace("_", " ").capitalize()


def role(name: str) -> str:
    """The title of a role."""
    return ROLE_LABELS[name].partition(":")[0]


def owner(name: str, *, active: bool) -> str:
    """The name of an owner, who may have been deactivated since."""
    return name if active else f"{name} (deactivated)"


def mail(kind: str) -> tuple[str, str]:
    """The title of a kind of mail, and why it was sent."""
    known = KINDS.get(kind)
    return (known.title, known.because) if known else (humanize(kind), "")


def mail_state(state: str) -> tuple[str, str]:
    """The word for a delivery state, and the color of its label."""
    return MAIL_STATES[MailState(state)], MailState(state).tone


def time_zone(name: str) -> str:
    """How people call this IANA time zone, as in "All times Eastern"."""
    city = name.rpartition("/")[2].replace("_", " ")
    return TIME_ZONES.get(name, f"in {city} local time")


def failed_event_reason(reason: str) -> str:
    """Why an event failed, in plain words."""
    kind = failure_kind(reason)
    return FAILED_EVENT_REASONS[kind] if kind else "It could not be processed."


def alert_cause(cause: str) -> str:
    """Why a service needs a person."""
    return ALERT_CAUSES[cause]


def state(case: Any, *, profile: Profile) -> str:
    """The word for the state of a case. In triage it depends on whether the case has an owner."""
    if case.state == CaseState.TRIAGE and case.owner_id is not None:
        return IN_REVIEW
    return profile.state_label(case.state)["label"]
