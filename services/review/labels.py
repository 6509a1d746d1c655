"""What the office reads for the words that code uses: acts, states, mails and their fate."""

import re
from typing import Any

from services.review.models.states import CaseState
from shared.mails.kinds import KINDS
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
NOTIFICATION_TIMES = {
    "at_once": "At once",
    "morning": "In the morning, all in one",
    "weekly": "As the week begins",
    "never": "Never",
}
DECISIONS = {"accept": "Accept", "defer": "Put on hold", "decline": "Decline"}
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
    known = KINDS.get(kind)
    return (known.title, known.because) if known else (humanize(kind), "")


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
