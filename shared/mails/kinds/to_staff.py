"""Kinds of mail to the office."""

from datetime import timedelta
from typing import Any

from marshmallow import fields

from shared.mails import staff
from shared.mails.entry import Choice, DigestRule, Kind
from shared.mails.reasons import Reason

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)

# The office's mailbox, accounts and the service itself: these come at once.
_IMMEDIATE: dict[str, Kind] = {
    "staff_alert": Kind(staff.StaffAlert, "New proposal", "A proposal came in", Reason.STAFF),
    "case_passed_on": Kind(
        staff.PassedOn,
        "Case transferred",
        "The case moved to another office",
        Reason.STAFF,
        expiry=_WEEK,
    ),
    "alarm": Kind(
        staff.Alarm, "System alert", "A service needed attention", Reason.STAFF, expiry=_DAY
    ),
    "staff_invitation": Kind(
        staff.StaffInvitation, "Invitation", "An account was added", Reason.STAFF
    ),
    "password_reset": Kind(
        staff.ToAColleague,
        "Password reset link",
        "Someone asked for it",
        Reason.STAFF,
        expiry=timedelta(minutes=30),
    ),
}

# Each colleague chooses whether these come at once or in the daily summary.
IN_DIGEST: dict[str, Kind] = {
    "assigned": Kind(
        staff.Assigned,
        "Case assigned",
        "The case was reassigned",
        Reason.STAFF_CHOICE,
        choice=Choice("A case is assigned to you", DigestRule.OPEN),
    ),
    "mentioned": Kind(
        staff.Mentioned,
        "Mention",
        "An internal note names a colleague",
        Reason.STAFF_CHOICE,
        choice=Choice("A colleague mentions you in a note", DigestRule.NOT_ERASED),
    ),
    "post_from_proposer": Kind(
        staff.PostFromProposer,
        "Message from the proposer",
        "The proposer sent a message",
        Reason.STAFF_CHOICE,
        choice=Choice("A proposer sends a message about one of your cases", DigestRule.OPEN),
    ),
    "promise_near": Kind(
        staff.Promised,
        "Deadline reminder",
        "A deadline is near",
        Reason.STAFF_CHOICE,
        choice=Choice("A deadline on one of your cases is near", DigestRule.WITH_OFFICE),
        expiry=_DAY,
    ),
    "promise_passed": Kind(
        staff.Promised,
        "Missed deadline",
        "A deadline was missed",
        Reason.STAFF_CHOICE,
        choice=Choice("A deadline was missed", DigestRule.WITH_OFFICE),
    ),
    "case_awake": Kind(
        staff.WithDue,
        "Reopened automatically",
        "The hold ended",
        Reason.STAFF_CHOICE,
        choice=Choice("One of your cases is reopened automatically", DigestRule.WITH_OFFICE),
    ),
    "mail_failed": Kind(
        staff.MailFailed,
        "Email not delivered",
        "An email was not delivered",
        Reason.STAFF_CHOICE,
        choice=Choice(
            "An email about one of your cases was not delivered", DigestRule.OPEN_OR_DECIDED
        ),
    ),
    "decision_waiting": Kind(
        staff.DecisionWaiting,
        "Letter ready to send",
        "A letter was drafted",
        Reason.STAFF_CHOICE,
        choice=Choice("A letter is ready to send", DigestRule.AWAITING_RELEASE, leads_only=True),
        expiry=_WEEK,
    ),
}

_lines = dict.fromkeys(IN_DIGEST, fields.Str(load_default=""))
_daily_summary: Any = staff.StaffNews.from_dict(dict(_lines), name="DailySummary")
_DIGESTS: dict[str, Kind] = {
    "staff_news": Kind(
        _daily_summary,
        "Daily summary",
        "There was news for the morning",
        Reason.STAFF,
        expiry=_DAY,
    ),
    "staff_digest": Kind(
        staff.Digest,
        "Weekly summary",
        "A new week began",
        Reason.STAFF_DIGEST,
        choice=Choice("Weekly summary"),
        expiry=_DAY,
    ),
}

TO_STAFF: dict[str, Kind] = _IMMEDIATE | IN_DIGEST | _DIGESTS
