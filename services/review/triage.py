"""A proposal becomes a case of an office, and the proposer hears what she may know of it."""

from typing import Any

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.orm import Session

from services.review import alerts, audit
from services.review.audit import Deed
from services.review.indexing import MAIL_FAILED, TROUBLED, index
from services.review.models import Case, CaseFlag, Letter, MailFate
from shared import logs, mails, outbox, references
from shared.offices import office_of
from shared.profile import Profile, value_of, versions
from shared.projection import upsert
from shared.tables import now

log = logs.logger(__name__)

UNREACHED = ("failed", "bounced")
STATES = {  # what intake says of the proposal -> our state, public label, and what was done
    "submitted": ("triage", "received", "received"),
    "amended": ("triage", "received", "amended"),
    "withdrawn": ("withdrawn", "withdrawn", "withdrawn"),
    "quarantined": ("quarantined", "received", "held_back"),
}


def receive_proposal(session: Session, data: dict[str, Any]) -> None:
    """Handler of `proposal.changed.v1`: open the case, or take over a newer state of the proposal.

    Raises NotYet while the profile that the answers belong to has not come here.
    """
    profile = versions.of(session, version=data["profile_version"])
    case = session.scalar(
        select(Case).where(Case.proposal_id == data["proposal_id"]).with_for_update()
    )
    if case is not None and case.proposal_version >= data["version"]:
        return
    new = case is None
    if case is None:
        case = Case(proposal_id=data["proposal_id"], reference=data["reference"], version=0)
        _promise(case, data["promises"])
        session.add(case)
    was = case.state
    _take_over(case, data, profile)
    session.flush()
    audit.record(session, case, Deed(STATES[data["state"]][2]), was=was)
    if case.state == "withdrawn":
        session.execute(
            delete(Letter).where(Letter.case_id == case.id, Letter.released_at.is_(None))
        )
    index(session, case, profile=profile)
    announce(session, case, profile=profile)
    if new and case.state == "triage":
        alerts.new_case(session, case, profile=profile)
    log.info("case opened" if new else "case changed", reference=case.reference, state=case.state)


def _promise(case: Case, promises: dict[str, Any]) -> None:
    """The dates that the proposer was told when she sent it; later ones are ours."""
    for name, day in promises.items():
        setattr(case, name, day)


def _take_over(case: Case, data: dict[str, Any], profile: Profile) -> None:
    """Copy what intake owns. An amendment does not move a case that the office has moved on."""
    answers = data["answers"]
    office = office_of(profile, answers)["value"]
    if case.office is None or case.office == _office_asked_for(case, profile):
        case.office = office  # else we have passed it on: where it is now
    case.proposal_version = data["version"]
    for name in ("branch", "language", "profile_version", "answers", "submitted_at"):
        setattr(case, name, data[name])
    case.people = [{**one, "person_id": str(one["person_id"])} for one in data["people"]]
    case.title = value_of(profile, answers, "title") or ""
    case.organization = value_of(profile, answers, "organization") or ""
    if case.state is None or data["state"] != "amended":
        case.state, case.public_label, _ = STATES[data["state"]]
    case.changed_at = now()


def _office_asked_for(case: Case, profile: Profile) -> str:
    """The office of the answers that we have."""
    return str(office_of(profile, case.answers)["value"])


def announce(session: Session, case: Case, *, profile: Profile) -> None:
    """Tell intake what the proposer may know now; each telling is a new version."""
    case.version += 1
    data = {
        "case_id": case.id,
        "version": case.version,
        "proposal_id": case.proposal_id,
        "public_label": case.public_label,
        "office": profile.office(case.office)["label"],
        "contact": contact(case, profile=profile),
        "promises": {
            "first_reply_by": case.first_reply_by,
            "meeting_by": case.meeting_by,
            "decision_by": case.decision_by,
        },
        "reopened": [],
        "meeting": None,
        "route_steps": [],
        "outcome": case.outcome,
        "letter": _letter(session, case),
        "first_reply_at": case.first_reply_at,
        "changed_at": case.changed_at,
    }
    outbox.add(session, "case.changed.v1", data)


def contact(case: Case, *, profile: Profile) -> dict[str, str]:
    """Whom the proposer turns to: whoever looks after the case, else the office's named person.

    The address is always the office's, so that an answer is read also when she is away.
    """
    named = profile.office(case.office)["contact"]
    return {"name": case.owner.name if case.owner else named["name"], "email": named["email"]}


def _letter(session: Session, case: Case) -> dict[str, Any] | None:
    """The letter that was released last, as the proposer has it."""
    letter = session.scalar(_LAST_LETTER, {"case_id": case.id})
    if letter is None or letter.released_by is None:
        return None
    return {
        "subject": letter.subject,
        "text": letter.text,
        "signed_by": letter.released_by.name,
        "released_at": letter.released_at,
    }


_LAST_LETTER = (
    select(Letter)
    .where(Letter.case_id == bindparam("case_id"), Letter.released_at.is_not(None))
    .order_by(Letter.released_at.desc())
    .limit(1)
)


def receive_mail(session: Session, data: dict[str, Any]) -> None:
    """Handler of `mail.changed.v1`: keep what became of a mail about a case, and raise a flag
    where somebody has to look at it.
    """
    if data.get("kept_back"):
        data = {**data, "state": "kept_back"}  # trial mode: no trouble, and no news to anybody
    if not upsert(session, MailFate, key="mail_id", values=data):
        return
    if data["state"] not in TROUBLED and not _is_flagged(session, data["proposal_id"]):
        return  # as with nearly every mail: the case does not change by it
    case = session.scalar(
        select(Case).where(Case.proposal_id == data["proposal_id"]).with_for_update()
    )
    if case is not None and case.state != "erased":
        profile = versions.of(session, version=case.profile_version)
        index(session, case, profile=profile)
        kind = mails.KINDS.get(data["kind"])
        if data["state"] in UNREACHED and kind and kind.group == "transactional":
            alerts.unreached(session, case, profile=profile, fate=data)


def _is_flagged(session: Session, proposal_id: Any) -> bool:
    return bool(session.scalar(_FLAGGED, {"proposal_id": proposal_id}))


_FLAGGED = select(
    exists().where(
        Case.proposal_id == bindparam("proposal_id"),
        CaseFlag.case_id == Case.id,
        CaseFlag.flag == MAIL_FAILED,
    )
)


def find(session: Session, *, typed: str) -> Case | None:
    """The case of a reference as somebody typed it: case, spaces and hyphens do not count."""
    reference = references.typed(typed)
    if reference is None:
        return None
    return session.scalar(select(Case).where(Case.reference == reference))


def mails_of(session: Session, case: Case) -> list[MailFate]:
    """Every mail about the case with its fate, oldest first."""
    found = select(MailFate).where(MailFate.proposal_id == case.proposal_id)
    return list(session.scalars(found.order_by(MailFate.changed_at)))
