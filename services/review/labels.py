"""What the office reads for the words that code uses: acts, states, mails and their fate."""

import re
from typing import Any

from services.review.models.states import CaseState
from shared.mails.kinds import KINDS
from shared.profile import Profile

ACTIONS = {
    "received": "Received",
    "amended": "Proposer changed the answers",
    "withdrawn": "Withdrawn by the proposer",
    "held_back": "Marked as suspected spam",
    "post_received": "Message from the proposer",
    "take": "Became the owner",
    "give_back": "Unassigned",
    "hand_over": "Reassigned",
    "pass_on": "Transferred",
    "write": "Sent a message",
    "note": "Added an internal note",
    "draft": "Drafted a letter",
    "edit": "Edited the letter",
    "discard": "Discarded the draft",
    "accept": "Accepted",
    "defer": "Put on hold",
    "decline": "Declined",
    "reopen": "Reopened",
    "wake": "Reopened automatically",
    "settle": "Resolved an unconfirmed email",
    "looked": "Viewed",
}
ROLE_LABELS = {
    "triage": "Triage: works on cases and drafts letters",
    "assessor": "Assessor: works on assigned cases and drafts letters",
    "lead": "Lead: also sends letters",
    "director": "Director: also sends letters",
    "auditor": "Auditor: read only",
    "admin": "Administrator: accounts and operations, no cases",
}
NOTIFICATIONS = {  # what a person chooses when it comes
    "assigned": "A case is assigned to you",
    "mentioned": "A colleague mentions you in a note",
    "post_from_proposer": "A proposer sends a message about one of your cases",
    "promise_near": "One of your deadlines is near",
    "promise_passed": "A deadline has passed",
    "case_awake": "One of your cases comes back from hold",
    "mail_failed": "An email about one of your cases was not delivered",
    "decision_waiting": "A letter is awaiting release",
    "staff_digest": "Weekly digest",
}
NOTIFICATION_TIMES = {
    "at_once": "Immediately",
    "morning": "Daily summary",
    "weekly": "First working day of the week",
    "never": "Never",
}
DECISIONS = {"accept": "Accept", "defer": "Put on hold", "decline": "Decline"}
MAILS = {
    "receipt": ("Receipt", "The proposal was submitted"),
    "staff_alert": ("New proposal", "A proposal came in"),
    "decision": ("Decision letter", "The letter was sent"),
    "looked_after": ("Contact person", "The case has a new owner"),
    "post_from_office": ("New message", "The office sent a message"),
    "post_from_proposer": ("Message from the proposer", "The proposer sent a message"),
    "assigned": ("Case assigned", "The case was reassigned"),
    "mentioned": ("Mention", "An internal note names a colleague"),
    "case_passed_on": ("Case transferred", "Another office transferred the case"),
    "case_awake": ("Back from hold", "The hold ended"),
    "staff_news": ("Daily summary", "There was news for the morning"),
    "alarm": ("System alert", "A service needed attention"),
    "staff_digest": ("Weekly digest", "A new week began"),
    "staff_invitation": ("Invitation", "An account was added"),
    "password_reset": ("Password reset link", "Someone asked for it"),
    "decision_waiting": ("Letter awaiting release", "A letter was drafted"),
    "promise_near": ("Deadline reminder", "A deadline is near"),
    "promise_passed": ("Missed deadline", "A deadline has passed"),
    "mail_failed": ("Delivery problem", "An email was not delivered"),
    "sign_in_link": ("Sign-in link", "Someone asked for it"),
}
MAIL_STATES = {  # word and tone of the pill
    "queued": ("Queued", "new"),
    "sent": ("Sent", "ok"),
    "settled": ("Confirmed", "ok"),
    "deferred": ("Delayed, retrying", "new"),
    "failed": ("Failed", "no"),
    "bounced": ("Bounced", "no"),
    "kept_back": ("Not sent (trial mode)", "new"),
    "expired": ("Expired", "no"),
    "in_doubt": ("Unconfirmed", "ask"),
}
FAILED_EVENT_REASONS = {  # by the first word of the reason
    "undecodable": "The event cannot be read.",
    "refused": "The service rejected its content.",
    "handler_error": "Something went wrong. Check the log of the service.",
    "crash_loop": "It crashed the worker three times.",
    "dead_letter": "The queue gave up after many attempts.",
    "not": "What it refers to never arrived.",
    "unknown_type": "It comes from a newer release, which this service does not know.",
    "future_version": "It comes from a newer release, which this service does not know.",
}
ALERT_CAUSES = {  # by the cause
    "parked": "Some events failed (see below).",
    "mail_waits": "Mail has been waiting too long (see below).",
    "events_wait": "Events cannot be sent out. Check /readyz.",
    "trouble": "Part of it has had problems for too long.",
}
TONES = {  # of states; what is not named here is new until somebody has it
    "decision_draft": "ask",
    "accepted": "ok",
    "declined": "no",
    "deferred": "",
    "withdrawn": "",
    "quarantined": "",
}

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
    """A value that has no word of its own, at least as words: never raw."""
    return value.replace("_", " ").capitalize()


def action(name: str) -> str:
    return ACTIONS.get(name, humanize(name))


def mail(kind: str) -> tuple[str, str]:
    """What a mail is called, and why it went out."""
    known = KINDS.get(kind)
    return (known.title, known.because) if known else (humanize(kind), "")


def mail_state(state: str) -> tuple[str, str]:
    """What became of it, and the tone of that."""
    return MAIL_STATES.get(state, (humanize(state), ""))


def time_zone(name: str) -> str:
    """How people call this IANA time zone, as in "All times Eastern"."""
    city = name.rpartition("/")[2].replace("_", " ")
    return TIME_ZONES.get(name, f"in {city} local time")


def failed_event_reason(reason: str) -> str:
    """Why an event was set apart, in plain words."""
    first = re.split(r"[:\s]", reason, maxsplit=1)[0]
    return FAILED_EVENT_REASONS.get(first, "It could not be processed.")


def alert_cause(cause: str) -> str:
    """What a service needs a person for."""
    return ALERT_CAUSES[cause]


def state(case: Any, *, profile: Profile) -> str:
    """How the office calls the state of a case; one that somebody has is not new any more."""
    if case.state == CaseState.TRIAGE and case.owner_id is not None:
        return profile.state_label("being_read")["label"]
    return profile.state_label(case.state)["label"]
