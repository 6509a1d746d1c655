"""Erase a person: delete their mails, sent or not, and all mail about their proposals."""

from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from services.notify import suppressions
from services.notify.models import Mail
from shared import outbox
from shared.inbox import tombstones
from shared.tables import now


def receive(session: Session, data: dict[str, Any]) -> None:
    """Handler of `person.erased.v1`.

    A mail that is being sent right now loses its row, and so may not send its final dot.
    """
    person = {name: data[name] for name in ("person_id", "proposal_ids", "erased_at")}
    tombstones.set_tombstones(session, **person)
    of_person = or_(Mail.person_id == data["person_id"], Mail.proposal_id.in_(data["proposal_ids"]))
    mailboxes = session.scalars(
        select(Mail.recipient).where(of_person, Mail.person_id.is_not(None))
    )
    suppressions.forget(session, addresses=set(mailboxes))
    session.execute(delete(Mail).where(of_person))
    outbox.add(
        session,
        "person.forgotten.v1",
        {
            "person_id": data["person_id"],
            "version": 1,
            "service": "notify",
            "forgotten_at": now(),
        },
    )
