"""Mails to a colleague that are about no proposal, or about many."""

from services.review.models import Staff
from services.review.staff import people
from shared.mails.request import MailRequest, common_variables
from shared.profile import Profile


def staff_mail(
    member: Staff, profile: Profile, *, kind: str, cause: str, variables: dict[str, str]
) -> MailRequest:
    """A mail to a colleague. Their office answers, unless `variables` name another contact."""
    office = people.office_of(profile, member)
    merged = {
        **common_variables(profile, office),
        "name": member.name,
        **variables,
    }
    if merged["contact_name"] == member.name:  # nobody is told to ask themselves
        merged["contact_name"] = office["label"]
    return MailRequest(
        kind=kind,
        dedupe_key=f"{kind}:{cause}",
        proposal_id=None,
        reference="",
        person_id=None,
        to_address=member.email,
        to_name=member.name,
        reply_to={"name": merged["contact_name"], "email": merged["contact_email"]},
        language=profile.languages[0],
        profile_version=profile.version,
        variables=merged,
    )
