"""Kinds of mail to people without an account, who are asked or informed."""

from datetime import timedelta

from shared.mails import asked
from shared.mails.entry import Kind
from shared.mails.reasons import Reason

_WEEK = timedelta(weeks=1)

TO_THE_ASKED: dict[str, Kind] = {
    "co_proposer_added": Kind(
        asked.CoProposerAdded,
        "Invitation of a co-proposer",
        "The proposal names a co-proposer",
        Reason.NAMED,
        expiry=_WEEK,
        awaits="invitations of co-proposers and partners",
    ),
    "review_asked": Kind(
        asked.ReviewAsked,
        "Review request",
        "A review was requested",
        Reason.ASKED,
        expiry=_WEEK,
        awaits="the rubric and its reviewers",
    ),
    "review_reminder": Kind(
        asked.Review,
        "Review reminder",
        "A review is due",
        Reason.ASKED,
        awaits="the rubric and its reviewers",
    ),
    "approval_asked": Kind(
        asked.ApprovalAsked,
        "Approval request",
        "An approval was requested",
        Reason.ASKED,
        expiry=_WEEK,
        awaits="approval routes",
    ),
    "approval_thanks": Kind(
        asked.ApprovalThanks,
        "Approval received",
        "An approver answered",
        Reason.ASKED,
        expiry=_WEEK,
        awaits="approval routes",
    ),
    "route_notice": Kind(
        asked.RouteNotice,
        "Approval notice",
        "An approval was given",
        Reason.NOTICE,
        expiry=_WEEK,
        awaits="approval routes",
    ),
}
