"""What the office has sent goes out: state, promise, event and mail follow in one transaction.

All that is due on a case leaves together. Its event names what left, so that intake writes one mail
about all of it.
"""

from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.cases import audit
from services.review.cases.audit import AuditEntry
from services.review.conversation import messages
from services.review.decisions import letters
from services.review.lifecycle.actions import NotAllowed, Refused
from services.review.lifecycle.publication import Departure, publish
from services.review.models import Case, Outgoing
from services.review.models.states import CaseEvent, CaseState, OutgoingKind
from shared import db, logs
from shared.tables import now

BATCH = 50

log = logs.logger(__name__)


def leave_due(session: Session, case: Case) -> set[UUID]:
    """Send out what is due on this case, which the caller has locked; return what went out."""
    session.flush()
    of_case = (Outgoing.case_id == case.id, Outgoing.leaves_at <= now())
    due = session.scalars(select(Outgoing).where(*of_case).order_by(Outgoing.sent_at, Outgoing.id))
    departure, gone = Departure(uuid4(), [], letter=False), set()
    for row in due.all():
        before, departure = departure, _leave(session, case, row, departure)
        if departure != before:
            gone.add(row.id)
        session.delete(row)
    if gone:
        _publish(session, case, departure)
    return gone


def say(session: Session, case: Case, *, author: str, text: str) -> None:
    """Send a message that leaves at once."""
    departure_id = uuid4()
    post = messages.add(session, case, author=author, text=text, departure_id=departure_id)
    _publish(session, case, Departure(departure_id, [post.id], letter=False))


def leave_due_everywhere() -> int:
    """Send out what is due on all cases, each in a transaction of its own; return for how many."""
    with db.read() as session:
        due = select(Outgoing.case_id).where(Outgoing.leaves_at <= now()).distinct().limit(BATCH)
        case_ids = session.scalars(due).all()
    left = 0
    for case_id in case_ids:
        with db.begin() as session:
            left += _leave_case(session, case_id)
    return left


def _leave_case(session: Session, case_id: UUID) -> bool:
    query = select(Case).where(Case.id == case_id).with_for_update(of=Case)
    case = session.scalar(query)
    return case is not None and bool(leave_due(session, case))


def _leave(session: Session, case: Case, row: Outgoing, departure: Departure) -> Departure:
    """One thing goes out. What its sender may not send anymore does not: a letter stays as a draft,
    and of a message the activity keeps the words.
    """
    try:
        return _gone(session, case, row, departure)
    except Refused as refused:
        entry = AuditEntry(CaseEvent.NOT_SENT, row.staff, str(refused))
        audit.record(session, case, entry, was=CaseState(case.state))
        if row.kind == OutgoingKind.LETTER:
            letters.ask_for_release(session, case)
        return departure


def _gone(session: Session, case: Case, row: Outgoing, departure: Departure) -> Departure:
    if row.kind == OutgoingKind.LETTER:
        letters.leave(session, case, by=row.staff)
        return departure._replace(letter=True)
    if not row.staff.active:
        raise NotAllowed(f"Their account was deactivated before this left: “{row.text}”")
    words = {"author": row.staff.name, "text": row.text}
    post = messages.add(session, case, **words, departure_id=departure.departure_id)
    return departure._replace(post_ids=[*departure.post_ids, post.id])


def _publish(session: Session, case: Case, departure: Departure) -> None:
    case.first_reply_at = case.first_reply_at or now()
    publish(session, case, departure=departure)
    log.info("left for the proposer", reference=case.reference, messages=len(departure.post_ids),
             letter=departure.letter)  # fmt: skip
