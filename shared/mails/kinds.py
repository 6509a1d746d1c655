"""Every kind of mail, one entry each. A new kind needs an entry here and a text in the profile.

A test checks that each kind has a text in every language, and that no other module lists kinds.
"""

from datetime import timedelta
from typing import Any

from marshmallow import fields

from shared.mails import asked, proposers, staff
from shared.mails.entry import Choice, DigestRule, Kind, OnDoubt
from shared.mails.reasons import Reason

_DAY, _WEEK, _WEEKS_2 = timedelta(days=1), timedelta(weeks=1), timedelta(weeks=2)

# Accepted, deferred, redirected, declined and merged are all the kind `decision`; the letter
# itself is final text.
TO_PROPOSERS: dict[str, Kind] = {
    "draft_saved": Kind(proposers.DraftSaved, "Link to a draft", "A draft was saved", Reason.DRAFT),
    "draft_reminder": Kind(
        proposers.DraftSaved, "Draft reminder", "A draft was left unfinished", Reason.DRAFT_REMINDER
    ),
    "draft_deleted": Kind(
        proposers.DraftDeleted,
        "Draft deleted",
        "A draft was deleted",
        Reason.DRAFT,
        expiry=_WEEKS_2,
    ),
    "sign_in_link": Kind(
        proposers.SignInLink,
        "Sign-in link",
        "Someone asked for it",
        Reason.LINK,
        expiry=timedelta(hours=1),
    ),
    "receipt": Kind(proposers.Receipt, "Receipt", "The proposal was submitted"),
    "looked_after": Kind(proposers.WithNext, "Contact person", "The case has a new owner"),
    "post_from_office": Kind(
        proposers.PostFromOffice, "New message", "The office sent a message", expiry=_WEEK
    ),
    "info_requested": Kind(
        proposers.InfoRequested, "Question", "The office needs more information", expiry=_WEEK
    ),
    "info_reminder": Kind(
        proposers.InfoRequested, "Reminder to answer", "A question is unanswered"
    ),
    "info_last_notice": Kind(
        proposers.InfoRequested, "Last reminder to answer", "A question is unanswered"
    ),
    "meeting_offered": Kind(proposers.MeetingOffered, "Meeting times", "A meeting was offered"),
    "meeting_confirmed": Kind(proposers.MeetingConfirmed, "Meeting confirmed", "A time was chosen"),
    "meeting_changed": Kind(
        proposers.MeetingChanged, "Meeting changed", "The time or place changed"
    ),
    "meeting_summary": Kind(
        proposers.MeetingSummary,
        "Meeting summary",
        "The meeting took place",
        on_doubt=OnDoubt.VERIFY,
        expiry=_WEEK,
    ),
    "collaborator_found": Kind(
        proposers.CollaboratorFound,
        "Possible collaborator",
        "Someone has a similar idea",
        on_doubt=OnDoubt.VERIFY,
        expiry=_WEEK,
    ),
    "decision": Kind(
        proposers.Decision,
        "Decision letter",
        "The letter was sent",
        on_doubt=OnDoubt.VERIFY,
        expiry=_WEEKS_2,
    ),
    "route_done": Kind(
        proposers.RouteDone, "Approval step done", "An approval was given", expiry=_WEEK
    ),
    "approved": Kind(
        proposers.WithNext, "Approved", "The last approval was given", expiry=_WEEKS_2
    ),
    "development_started": Kind(
        proposers.WithNext, "Development started", "Development started", expiry=_WEEK
    ),
    "launched": Kind(
        proposers.Launched, "Launched", "The microcredential was launched", expiry=_WEEKS_2
    ),
    "renewal_due": Kind(proposers.RenewalDue, "Renewal due", "A renewal is due", expiry=_WEEKS_2),
    "withdrawn": Kind(proposers.WithPage, "Withdrawn", "The idea was withdrawn", expiry=_WEEK),
    "lapsed": Kind(
        proposers.WithPage,
        "Closed without an answer",
        "A question was never answered",
        expiry=_WEEKS_2,
    ),
}

TO_THE_ASKED: dict[str, Kind] = {
    "co_proposer_added": Kind(
        asked.CoProposerAdded,
        "Invitation of a co-proposer",
        "The proposal names a co-proposer",
        Reason.NAMED,
        expiry=_WEEK,
    ),
    "review_asked": Kind(
        asked.ReviewAsked, "Review request", "A review was requested", Reason.ASKED, expiry=_WEEK
    ),
    "review_reminder": Kind(asked.Review, "Review reminder", "A review is due", Reason.ASKED),
    "approval_asked": Kind(
        asked.ApprovalAsked,
        "Approval request",
        "An approval was requested",
        Reason.ASKED,
        expiry=_WEEK,
    ),
    "approval_thanks": Kind(
        asked.ApprovalThanks,
        "Approval received",
        "An approver answered",
        Reason.ASKED,
        expiry=_WEEK,
    ),
    "route_notice": Kind(
        asked.RouteNotice, "Approval notice", "An approval was given", Reason.NOTICE, expiry=_WEEK
    ),
}


# The office's mailbox, accounts and the service itself: these come at once.
_IMMEDIATE: dict[str, Kind] = {
    "staff_alert": Kind(staff.StaffAlert, "New proposal", "A proposal came in", Reason.STAFF),
    "case_passed_on": Kind(
        staff.PassedOn,
        "Case transferred",
        "Another office transferred the case",
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
        choice=Choice("One of your deadlines is near", DigestRule.WITH_OFFICE),
        expiry=_DAY,
    ),
    "promise_passed": Kind(
        staff.Promised,
        "Missed deadline",
        "A deadline has passed",
        Reason.STAFF_CHOICE,
        choice=Choice("A deadline has passed", DigestRule.WITH_OFFICE),
    ),
    "case_awake": Kind(
        staff.WithDue,
        "Back from hold",
        "The hold ended",
        Reason.STAFF_CHOICE,
        choice=Choice("One of your cases comes back from hold", DigestRule.WITH_OFFICE),
    ),
    "mail_failed": Kind(
        staff.MailFailed,
        "Delivery problem",
        "An email was not delivered",
        Reason.STAFF_CHOICE,
        choice=Choice(
            "An email about one of your cases was not delivered", DigestRule.OPEN_OR_DECIDED
        ),
    ),
    "decision_waiting": Kind(
        staff.DecisionWaiting,
        "Letter awaiting release",
        "A letter was drafted",
        Reason.STAFF_CHOICE,
        choice=Choice("A letter is awaiting release", DigestRule.AWAITING_RELEASE, leads_only=True),
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
        "Weekly digest",
        "A new week began",
        Reason.STAFF_DIGEST,
        choice=Choice("Weekly digest"),
        expiry=_DAY,
    ),
}

TO_STAFF: dict[str, Kind] = _IMMEDIATE | IN_DIGEST | _DIGESTS

KINDS: dict[str, Kind] = TO_PROPOSERS | TO_THE_ASKED | TO_STAFF
