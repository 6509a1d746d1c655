"""Kinds of mail to proposers, in the order in which a case sends them."""

from datetime import timedelta

from shared.mails import proposers
from shared.mails.entry import Kind, OnDoubt
from shared.mails.reasons import Reason

_WEEK, _WEEKS_2 = timedelta(weeks=1), timedelta(weeks=2)

# Those that intake asks for again, with a new link, after they failed.
ASKED_AGAIN = frozenset({"receipt", "looked_after", "post_from_office", "decision"})

# Accepted, deferred, redirected, declined and merged are all the kind `decision`; the letter
# itself is final text.
TO_PROPOSERS: dict[str, Kind] = {
    "draft_saved": Kind(
        proposers.DraftSaved,
        "Link to a draft",
        "A draft was saved",
        Reason.DRAFT,
        not_in_good_case="before it is sent",
    ),
    "draft_reminder": Kind(
        proposers.DraftReminder,
        "Draft reminder",
        "A draft was left unfinished",
        Reason.DRAFT_REMINDER,
        not_in_good_case="before it is sent",
    ),
    "draft_deleted": Kind(
        proposers.DraftDeleted,
        "Draft deleted",
        "A draft was deleted",
        Reason.DRAFT,
        expiry=_WEEKS_2,
        not_in_good_case="it was never sent",
    ),
    "sign_in_link": Kind(
        proposers.SignInLink,
        "Sign-in link",
        "Someone asked for it",
        Reason.LINK,
        expiry=timedelta(hours=1),
        not_in_good_case="only on request",
    ),
    "receipt": Kind(proposers.Receipt, "Receipt", "The proposal was submitted"),
    "answers_copy": Kind(
        proposers.AnswersCopy,
        "Copy of the answers",
        "The proposer asked for a copy and opened their page",
        not_in_good_case="only for a new mailbox; else the receipt holds the copy",
    ),
    "looked_after": Kind(proposers.WithNext, "Contact person", "The case has a new owner"),
    "post_from_office": Kind(
        proposers.PostFromOffice, "New message", "The office sent a message", expiry=_WEEK
    ),
    "info_requested": Kind(
        proposers.InfoRequested,
        "Question",
        "The office needs more information",
        expiry=_WEEK,
        not_in_good_case="something is missing; it replaces the message of the office",
        awaits="asking back for sections of the form",
    ),
    "info_reminder": Kind(
        proposers.InfoRequested,
        "Reminder to answer",
        "A question is unanswered",
        not_in_good_case="something is missing, and there is no answer",
        awaits="asking back for sections of the form",
    ),
    "info_last_notice": Kind(
        proposers.InfoRequested,
        "Last reminder to answer",
        "A question is unanswered",
        not_in_good_case="something is missing, and there is no answer",
        awaits="asking back for sections of the form",
    ),
    "meeting_offered": Kind(
        proposers.MeetingOffered,
        "Meeting times",
        "A meeting was offered",
        awaits="meetings",
    ),
    "meeting_confirmed": Kind(
        proposers.MeetingConfirmed,
        "Meeting confirmed",
        "A time was chosen",
        awaits="meetings",
    ),
    "meeting_changed": Kind(
        proposers.MeetingChanged,
        "Meeting changed",
        "The time or place changed",
        not_in_good_case="a person cannot come",
        awaits="meetings",
    ),
    "meeting_summary": Kind(
        proposers.MeetingSummary,
        "Meeting summary",
        "The meeting took place",
        on_doubt=OnDoubt.VERIFY,
        expiry=_WEEK,
        awaits="meetings",
    ),
    "collaborator_found": Kind(
        proposers.CollaboratorFound,
        "Possible collaborator",
        "Someone has a similar idea",
        on_doubt=OnDoubt.VERIFY,
        expiry=_WEEK,
        not_in_good_case="another person has the same idea",
        awaits="finding similar proposals",
    ),
    "decision": Kind(
        proposers.Decision,
        "Decision letter",
        "The letter was sent",
        on_doubt=OnDoubt.VERIFY,
        expiry=_WEEKS_2,
    ),
    "route_done": Kind(
        proposers.RouteDone,
        "Approval step done",
        "An approval was given",
        expiry=_WEEK,
        not_in_good_case="a body that is not the last approves after its day",
        awaits="approval routes",
    ),
    "approved": Kind(
        proposers.WithNext,
        "Approved",
        "The last approval was given",
        expiry=_WEEKS_2,
        awaits="approval routes",
    ),
    "development_started": Kind(
        proposers.WithNext,
        "Development started",
        "Development started",
        expiry=_WEEK,
        not_in_good_case="after the approval",
        awaits="development and launch",
    ),
    "launched": Kind(
        proposers.Launched,
        "Launched",
        "The microcredential was launched",
        expiry=_WEEKS_2,
        not_in_good_case="after the approval",
        awaits="development and launch",
    ),
    "renewal_due": Kind(
        proposers.RenewalDue,
        "Renewal due",
        "A renewal is due",
        expiry=_WEEKS_2,
        not_in_good_case="after the approval",
        awaits="development and launch",
    ),
    "withdrawn": Kind(
        proposers.WithPage,
        "Withdrawn",
        "The idea was withdrawn",
        expiry=_WEEK,
        not_in_good_case="the proposer withdrew it",
        awaits="withdrawing",
    ),
    "lapsed": Kind(
        proposers.WithPage,
        "Closed without an answer",
        "A question was never answered",
        expiry=_WEEKS_2,
        not_in_good_case="the proposer did not answer",
        awaits="asking back for sections of the form",
    ),
}
