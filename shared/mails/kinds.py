"""Every kind of mail: what it must be told, how it behaves when its fate is unknown, how long it
is worth sending.

The texts stand in the institution profile; a test holds that each kind has one in every language.
"""

from datetime import timedelta
from typing import NamedTuple

from shared.mails import asked, proposers, staff
from shared.mails.variables import AboutNothing, Variables


class Kind(NamedTuple):
    """`group`: transactional (no way to opt out), fyi (there is one) or staff. `on_doubt`: resend;
    ask a person; or verify by what the mail server offers for it, and where it offers nothing ask a
    person. `why` its reader gets it, where that is not what most of the group are told.
    """

    variables: type[AboutNothing]
    group: str
    on_doubt: str
    expiry: timedelta
    why: str = ""

    @property
    def about_a_proposal(self) -> bool:
        """Whether its subject and text name a reference."""
        return issubclass(self.variables, Variables)

    @property
    def secrets(self) -> set[str]:
        """The variables that let whoever has them in."""
        named = self.variables().fields.items()
        return {name for name, field in named if field.metadata.get("secret")}


def _kind(
    variables: type[AboutNothing], days: int, why: str = "", on_doubt: str = "resend"
) -> Kind:
    """One to a person outside the office, who cannot opt out."""
    return Kind(variables, "transactional", on_doubt, timedelta(days=days), why)


# Accepted, deferred, redirected, declined, merged: all of these are the kind `decision`, with the
# letter's own final text.
TO_PROPOSERS: dict[str, Kind] = {
    "draft_saved": _kind(proposers.DraftSaved, 3, "draft"),
    "draft_reminder": Kind(proposers.DraftSaved, "fyi", "resend", timedelta(days=3), "reminder"),
    "draft_deleted": _kind(proposers.DraftDeleted, 14, "draft"),
    "sign_in_link": Kind(
        proposers.SignInLink, "transactional", "resend", timedelta(hours=1), "link"
    ),
    "receipt": _kind(proposers.Receipt, 3),
    "looked_after": _kind(proposers.WithNext, 3),
    "post_from_office": _kind(proposers.PostFromOffice, 7),
    "info_requested": _kind(proposers.InfoRequested, 7),
    "info_reminder": _kind(proposers.InfoRequested, 3),
    "info_last_notice": _kind(proposers.InfoRequested, 3),
    "meeting_offered": _kind(proposers.MeetingOffered, 3),
    "meeting_confirmed": _kind(proposers.MeetingConfirmed, 3),
    "meeting_changed": _kind(proposers.MeetingChanged, 3),
    "meeting_summary": _kind(proposers.MeetingSummary, 7, on_doubt="verify"),
    "collaborator_found": _kind(proposers.CollaboratorFound, 7, on_doubt="verify"),
    "decision": _kind(proposers.Decision, 14, on_doubt="verify"),
    "route_done": _kind(proposers.RouteDone, 7),
    "approved": _kind(proposers.WithNext, 14),
    "development_started": _kind(proposers.WithNext, 7),
    "launched": _kind(proposers.Launched, 14),
    "renewal_due": _kind(proposers.RenewalDue, 14),
    "withdrawn": _kind(proposers.WithPage, 7),
    "lapsed": _kind(proposers.WithPage, 14),
}

TO_THE_ASKED: dict[str, Kind] = {
    "co_proposer_added": _kind(asked.CoProposerAdded, 7, "named"),
    "review_asked": _kind(asked.ReviewAsked, 7, "asked"),
    "review_reminder": _kind(asked.Review, 3, "asked"),
    "approval_asked": _kind(asked.ApprovalAsked, 7, "asked"),
    "approval_thanks": _kind(asked.ApprovalThanks, 7, "asked"),
    "route_notice": Kind(asked.RouteNotice, "fyi", "resend", timedelta(days=7), "notice"),
}


def _chosen(variables: type[AboutNothing], days: int) -> Kind:
    """One that each of our people may also have in the morning, with everything else."""
    return Kind(variables, "staff", "resend", timedelta(days=days), "office")


TO_STAFF: dict[str, Kind] = {
    "staff_alert": Kind(staff.StaffAlert, "staff", "resend", timedelta(days=3)),
    "case_passed_on": Kind(staff.PassedOn, "staff", "resend", timedelta(days=7)),
    "post_from_proposer": _chosen(staff.PostFromProposer, 3),
    "assigned": _chosen(staff.Assigned, 3),
    "mentioned": _chosen(staff.Mentioned, 3),
    "case_awake": _chosen(staff.WithDue, 3),
    "decision_waiting": _chosen(staff.DecisionWaiting, 7),
    "promise_near": _chosen(staff.Promised, 1),
    "promise_passed": _chosen(staff.Promised, 3),
    "mail_failed": _chosen(staff.MailFailed, 3),
    "staff_news": Kind(staff.StaffNews, "staff", "resend", timedelta(days=1)),
    "alarm": Kind(staff.Alarm, "staff", "resend", timedelta(days=1)),
    "staff_digest": Kind(staff.Digest, "staff", "resend", timedelta(days=1), "digest"),
    "staff_invitation": Kind(staff.StaffInvitation, "staff", "resend", timedelta(days=3)),
    "password_reset": Kind(staff.ToAColleague, "staff", "resend", timedelta(minutes=30)),
}

KINDS: dict[str, Kind] = TO_PROPOSERS | TO_THE_ASKED | TO_STAFF
