"""Erase a person: their cases keep state and dates and lose all content."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.review.cases import audit, unsent_texts
from services.review.lifecycle import outgoing
from services.review.models import Case, Letter, MailStatus, Note, Post
from services.review.models.cases import NOT_DUE
from services.review.models.states import CaseState
from shared import outbox
from shared.inbox import tombstones
from shared.tables import now


def receive(session: Session, data: dict[str, Any]) -> None:
    """Handler of `person.erased.v1`."""
    tombstone = {name: data[name] for name in ("person_id", "proposal_ids", "erased_at")}
    tombstones.set_tombstones(session, **tombstone)
    for proposal_id in data["proposal_ids"]:
        case = session.scalar(select(Case).where(Case.proposal_id == proposal_id))
        if case is not None:
            case.state, case.title, case.organization = CaseState.ERASED, "", ""
            case.answers, case.people = {}, []
            case.search_text, case.search_public = "", None
            case.flags, case.due_on, case.warn_on = [], NOT_DUE, None
            audit.erase_reasons(session, case)
            unsent_texts.delete_of_case(session, case)
            outgoing.stop(session, case)
            session.execute(delete(Letter).where(Letter.case_id == case.id))
            session.execute(delete(Note).where(Note.case_id == case.id))
        session.execute(delete(Post).where(Post.proposal_id == proposal_id))
        session.execute(delete(MailStatus).where(MailStatus.proposal_id == proposal_id))
    answer = {"person_id": data["person_id"], "service": "review", "forgotten_at": now()}
    outbox.add(session, "person.forgotten.v1", {**answer, "version": 1})
