"""Mails to one of us that are about no proposal, or about many."""

from services.review.models import Staff
from services.review.staff import people
from shared.mails.request import MailRequest, common_variables
from shared.profile import Profile


def staff_mail(
    member: Staff, profile: Profile, *, kind: str, cause: str, more: dict[str, str]
) -> MailRequest:
    """A mail to her; her office's contact answers, or whoever `more` names as the contact."""
    office = people.office_of(profile, member)
    variables = {
        **common_variables(profile, office),
        "name": member.name,
        **more,
    }
    return MailRequest(
        kind=kind,
        dedupe_key=f"{kind}:{cause}",
        proposal_id=None,
        reference="",
        person_id=None,
        to_address=member.email,
        to_name=member.name,
        reply_to={"name": variables["contact_name"], "email": variables["contact_email"]},
        language=profile.languages[0],
        profile_version=profile.version,
        variables=variables,
    )
