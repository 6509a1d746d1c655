"""What the office has sent and what has not left yet: until it leaves, it can be undone.

Everybody clicks "Send" a moment too early now and then. The proposer sees nothing before something
leaves; `departures` then does all that follows.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from services.review.lifecycle import transitions
from services.review.lifecycle.actions import CaseAction, NotPossible
from services.review.models import Case, Outgoing, Staff
from services.review.models.states import OutgoingKind
from shared.tables import now

AT_ONCE = timedelta(0)
HAS_LEFT = "This has left already, or a colleague has undone it."
LETTER_LEAVES = "This letter has been sent and leaves soon. Undo sending it first."


def delay(config: Mapping[str, Any]) -> timedelta:
    """How long it takes until something leaves that was sent."""
    return timedelta(seconds=float(config["SEND_DELAY"]))


def add(  # noqa: PLR0913 - what is sent by whom, and when it leaves
    session: Session, case: Case, kind: OutgoingKind, *, by: Staff, delay: timedelta, text: str = ""
) -> Outgoing:
    """Let this leave after the delay. The caller has checked that it may be sent."""
    at = now()
    row = Outgoing(
        case_id=case.id, kind=kind, staff_id=by.id, text=text, sent_at=at, leaves_at=at + delay
    )
    session.add(row)
    session.flush()
    return row


def of_case(session: Session, case: Case) -> list[Outgoing]:
    """What has not left yet, in the order in which it was sent."""
    query = select(Outgoing).options(joinedload(Outgoing.staff)).where(Outgoing.case_id == case.id)
    return list(session.scalars(query.order_by(Outgoing.sent_at, Outgoing.id)))


def undo(session: Session, case: Case, outgoing_id: UUID | None, *, by: Staff) -> Outgoing:
    """Take this back. Raises NotPossible once it has left; a letter stays as a draft."""
    row = _find(session, case, outgoing_id)
    transitions.apply(session, case, CaseAction.UNDO_SENDING, by=by)
    session.delete(row)
    return row


def send_now(session: Session, case: Case, outgoing_id: UUID | None, *, by: Staff) -> Outgoing:
    """Let this leave now; return it. Raises NotPossible once it has left."""
    row = _find(session, case, outgoing_id)
    needed = CaseAction.SEND_LETTER if row.kind == OutgoingKind.LETTER else CaseAction.SEND_MESSAGE
    transitions.check(case, needed, by=by)
    transitions.apply(session, case, CaseAction.SEND_NOW, by=by)
    row.leaves_at = now()
    return row


def stop(session: Session, case: Case) -> None:
    """Drop what has not left, because the proposer has withdrawn or was erased."""
    session.execute(delete(Outgoing).where(Outgoing.case_id == case.id))


def leaving_letter(session: Session, case: Case) -> Outgoing | None:
    """The letter of this case, if it was sent and has not left yet."""
    rows = of_case(session, case)
    return next((row for row in rows if row.kind == OutgoingKind.LETTER), None)


def refuse_while_letter_leaves(session: Session, case: Case) -> None:
    """Raise NotPossible while the letter of this case has been sent and not left."""
    if leaving_letter(session, case) is not None:
        raise NotPossible(LETTER_LEAVES)


def _find(session: Session, case: Case, outgoing_id: UUID | None) -> Outgoing:
    row = session.get(Outgoing, outgoing_id) if outgoing_id else None
    if row is None or row.case_id != case.id:
        raise NotPossible(HAS_LEFT)
    return row
