"""What keeps the suite running: how each service stands, and what becomes of parked events."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.review import alarms
from services.review.models import Case, MailFate, ParkedDeed, ServiceView, Staff
from shared import events, logs, outbox, projection, upkeep
from shared.tables import now

log = logs.logger(__name__)

SILENT_AFTER = timedelta(minutes=15)  # three times as long as one that is well keeps silent
MOST_DOUBTFUL = 100
MOST_DEEDS = 100


class Doubtful(NamedTuple):
    """A mail about a case of which nobody knows whether it arrived."""

    case: Case
    fate: MailFate


class Settling(NamedTuple):
    """What somebody decided about a parked event."""

    service: str
    event_id: UUID
    answer: str  # again, discard
    reason: str


def keep(session: Session, data: dict[str, Any]) -> None:
    """Handler of `service.changed.v1`, and what review's own loop calls: the newest state of it.

    Administrators are mailed where something new needs a person.
    """
    service = data["service"]
    body = events.strict("service.changed.v1").dump(data)
    before = session.get(ServiceView, service)
    since = {}
    for one in before.body["troubles"] if before else []:
        since[one["name"]] = one.get("since_at", body["changed_at"])
    for one in body["troubles"]:
        one["since_at"] = since.get(one["name"], body["changed_at"])
    row = {"service": service, "version": data["version"], "body": body}
    row["changed_at"] = data["changed_at"]
    if projection.upsert(session, ServiceView, key="service", values=row):
        alarms.raise_for(session, session.get_one(ServiceView, service, populate_existing=True))
    if service == "review":
        alarms.raise_for_silent(session)


def all_of(session: Session) -> dict[str, ServiceView]:
    """How each service stands, as far as it has told."""
    return {view.service: view for view in session.scalars(select(ServiceView))}


def is_silent(view: ServiceView) -> bool:
    """Whether the service has told nothing for so long that it may stand still."""
    return view.changed_at < now() - SILENT_AFTER


def doubtful(session: Session) -> list[Doubtful]:
    """Mails about cases that are in doubt, the oldest first; settled from the case."""
    found = (
        select(Case, MailFate)
        .join(MailFate, MailFate.proposal_id == Case.proposal_id)
        .options(joinedload(Case.owner))
        .where(MailFate.state == "in_doubt", Case.state != "erased")
        .order_by(MailFate.changed_at)
        .limit(MOST_DOUBTFUL)
    )
    return [Doubtful(*row) for row in session.execute(found)]


def settle(session: Session, wanted: Settling, *, by: Staff) -> bool:
    """Have a parked event tried again or set aside for good, wherever it is parked, and write down
    who decided it. False where it is not set apart any more: then nothing is done.
    """
    view = session.get(ServiceView, wanted.service, with_for_update=True)
    parked = view.body["parked_events"] if view else []
    event = next((one for one in parked if one["event_id"] == str(wanted.event_id)), None)
    if event is None:
        return False
    at = now()
    said = wanted.reason or "Tried again."
    data = {**wanted._asdict(), "reason": f"{by.name}: {said}", "settled_at": at}
    session.add(ParkedDeed(**wanted._asdict(), at=at, event_type=event["event_type"],
                           staff_id=by.id))  # fmt: skip
    if wanted.service == "review":
        upkeep.settle(session, data)
    else:
        version = int(at.timestamp() * 1000)  # a later word counts
        outbox.add(session, "parked.settled.v1", data | {"version": version})
    log.info("parked event settled", event_id=str(wanted.event_id), service=wanted.service,
             answer=wanted.answer, by=str(by.id))  # fmt: skip
    return True


def deeds(session: Session) -> Sequence[ParkedDeed]:
    """What administrators decided about parked events of late, the newest first."""
    found = select(ParkedDeed).options(joinedload(ParkedDeed.staff))
    return session.scalars(found.order_by(ParkedDeed.id.desc()).limit(MOST_DEEDS)).all()
