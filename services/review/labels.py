"""What the office reads for the words that code uses: acts, states, mails and their fate."""

import re
from typing import Any

from services.review.models.states import CaseState
from shared.profile import Profile

ACTIONS = {
    "received": "Received",
    "amended": "The proposer changed the answers",
    "withdrawn": "Withdrawn by the proposer",
    "held_back": "Held back as it looks like spam",
    "post_received": "The proposer wrote",
    "take": "Taken",
    "give_back": "Given back",
    "hand_over": "Handed over",
    "pass_on": "Passed on",
    "write": "Wrote to the proposer",
    "note": "Wrote a note",
    "draft": "Drafted a letter",
    "edit": "Changed the letter",
    "discard": "Threw the draft away",
    "accept": "Accepted",
    "defer": "Put on hold",
    "decline": "Declined",
    "reopen": "Opened again",
    "wake": "Taken up again by the clock",
    "settle": "Settled a mail in doubt",
    "looked": "Looked at it",
}
ROLE_LABELS = {
    "triage": "Triage: takes, writes, drafts",
    "assessor": "Assessor: reads, writes, drafts",
    "lead": "Lead: also releases letters",
    "director": "Director: also releases letters",
    "auditor": "Auditor: reads only",
    "admin": "Administrator: people, no cases",
}
NOTIFICATIONS = {  # what a person chooses when it comes
    "assigned": "A case is handed over to you",
    "mentioned": "A colleague names you in a note",
    "post_from_proposer": "A proposer writes about a case of yours",
    "promise_near": "A promise of yours is nearly due",
    "promise_passed": "A promise has passed",
    "case_awake": "A case of yours is back from hold",
    "mail_failed": "A mail about a case of yours did not arrive",
    "decision_waiting": "A letter waits for release",
    "staff_digest": "The digest of the week",
}
NOTIFICATION_TIMES = {
    "at_once": "At once",
    "morning": "In the morning, all in one",
    "weekly": "As the week begins",
    "never": "Never",
}
DECISIONS = {"accept": "Accept", "defer": "Put on hold", "decline": "Decline"}
MAILS = {
    "receipt": ("Receipt", "because the proposal was sent"),
    "staff_alert": ("Alert to the office", "because a new idea came in"),
    "decision": ("Decision letter", "because it was released"),
    "looked_after": ("Who looks after it", "because somebody took the case"),
    "post_from_office": ("Notice of a message", "because the office wrote"),
    "post_from_proposer": ("Notice to the office", "because the proposer wrote"),
    "assigned": ("Hand-over", "because the case was handed over"),
    "mentioned": ("Notice to a colleague", "because a note named her or him"),
    "case_passed_on": ("Passed on", "because another office passed the case on"),
    "case_awake": ("Back from hold", "because its day came"),
    "staff_news": ("News of the morning", "because something had waited for it"),
    "alarm": ("Alarm", "because a service needed a look"),
    "staff_digest": ("Digest of the week", "because a week began"),
    "staff_invitation": ("Invitation", "because somebody was added"),
    "password_reset": ("Link for a new password", "because somebody asked for it"),
    "decision_waiting": ("Decision to release", "because a letter was drafted"),
    "promise_near": ("Reminder to the office", "because a promise is nearly due"),
    "promise_passed": ("Reminder to the office", "because a promise has passed"),
    "mail_failed": ("Warning to the office", "because a mail did not arrive"),
    "sign_in_link": ("Sign-in link", "because somebody asked for it"),
}
MAIL_STATES = {  # word and tone of the pill
    "queued": ("Queued", "new"),
    "sent": ("Sent", "ok"),
    "settled": ("Settled", "ok"),
    "deferred": ("Waiting, tried again", "new"),
    "failed": ("Failed", "no"),
    "bounced": ("Came back", "no"),
    "kept_back": ("Kept back", "new"),
    "expired": ("Too late to send", "no"),
    "in_doubt": ("In doubt", "ask"),
}
FAILED_EVENT_REASONS = {  # by the first word of the reason
    "undecodable": "It is no event that can be read.",
    "refused": "The service does not accept what it says.",
    "handler_error": "A fault of ours: look into the log of the service.",
    "crash_loop": "It ended the process three times.",
    "dead_letter": "The queue gave it up after many tries.",
    "not": "What it refers to has not come in all that time.",
    "unknown_type": "A newer release says it; this one does not know it.",
    "future_version": "A newer release says it; this one does not know it.",
}
ALERT_CAUSES = {  # by the cause
    "parked": "Events are set apart: see below.",
    "mail_waits": "Mail has waited for too long: see below.",
    "events_wait": "Events do not get out: see what /readyz says.",
    "trouble": "A part of it has been in trouble for too long.",
}
TONES = {  # of states; what is not named here is new until somebody has it
    "decision_draft": "ask",
    "accepted": "ok",
    "declined": "no",
    "deferred": "",
    "withdrawn": "",
    "quarantined": "",
}


def humanize(value: str) -> str:
    """A value that has no word of its own, at least as words: never raw."""
    return value.replace("_", " ").capitalize()


def action(name: str) -> str:
    return ACTIONS.get(name, humanize(name))


def mail(kind: str) -> tuple[str, str]:
    """What a mail is called, and why it went out."""
    return MAILS.get(kind, (humanize(kind), ""))


def mail_state(state: str) -> tuple[str, str]:
    """What became of it, and the tone of that."""
    return MAIL_STATES.get(state, (humanize(state), ""))


def failed_event_reason(reason: str) -> str:
    """Why an event was set apart, in plain words."""
    first = re.split(r"[:\s]", reason, maxsplit=1)[0]
    return FAILED_EVENT_REASONS.get(first, "It could not be handled.")


def alert_cause(cause: str) -> str:
    """What a service needs a person for."""
    return ALERT_CAUSES[cause]


def state(case: Any, *, profile: Profile) -> str:
    """How the office calls the state of a case; one that somebody has is not new any more."""
    if case.state == CaseState.TRIAGE and case.owner_id is not None:
        return profile.state_label("being_read")["label"]
    return profile.state_label(case.state)["label"]
