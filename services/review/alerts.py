"""The mails that go to the office: only review knows who works there."""

from sqlalchemy.orm import Session

from services.review.models import Case
from shared import dates, links, mails, references
from shared.profile import Profile, value_of


def new_case(session: Session, case: Case, *, profile: Profile) -> None:
    """Tell the office of the case that somebody has sent something, and until when to reply."""
    office = profile.office(case.office)
    contact = office["contact"]
    proposer = case.people[0] if case.people else {"name": ""}
    language = profile.languages[0]
    branch = {choice["value"]: choice["label"] for choice in _branches(profile, case.branch)}
    request = mails.Request(
        kind="staff_alert",
        dedupe_key=f"staff_alert:{case.proposal_id}",
        proposal_id=case.proposal_id,
        reference=case.reference,
        person_id=None,
        to_address=contact["email"],
        to_name=contact["name"],
        reply_to=contact,
        language=language,
        profile_version=profile.version,
        variables={
            "reference": references.shown(case.reference),
            "title": case.title,
            "institution": profile.institution["name"],
            "office": office["label"],
            "contact_name": contact["name"],
            "contact_email": contact["email"],
            "branch": branch.get(case.branch, case.branch),
            "proposer": proposer["name"],
            "organization": case.organization,
            "summary": value_of(profile, case.answers, "summary") or "",
            "first_reply_by": dates.in_words(case.first_reply_by, language),
            "case_url": links.case(case.reference),
        },
    )
    mails.request(session, request)


def _branches(profile: Profile, branch: str) -> list[dict[str, str]]:
    return profile.choices(profile.body["branch_question"], branch)
