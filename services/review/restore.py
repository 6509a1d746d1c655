"""After a restore: tell the others again what review holds, take back what they still hold.

What nobody else holds is lost: notes, drafted letters, who did what, accounts and their passwords.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from services.review.lifecycle import mail_status, publication
from services.review.models import Case, CatalogueEntry, Letter, MailStatus, Post
from services.review.models.states import CaseState, ProposalState
from shared import outbox, posts
from shared.profile import versions
from shared.restore import inventory, restores
from shared.restore.announcements import PROFILES, Announced, Announcements
from shared.restore.inventory import BEGINNING, Holdings, buckets
from shared.restore.mails import is_unheard, known_mails, unheard_mails
from shared.tables import now

_NOT_ERASED = Case.state != CaseState.ERASED
_PROPOSAL_STATES = {
    CaseState.WITHDRAWN: ProposalState.WITHDRAWN,
    CaseState.SUSPECTED_SPAM: ProposalState.SUSPECTED_SPAM,
}


def hold(session: Session, before: datetime) -> Holdings:
    """What review holds, of its own things those unchanged since `before`."""
    case = (Case.proposal_id, Case.version)
    return inventory.common(session, before) | {
        "proposals": buckets(session, Case.proposal_id, Case.proposal_version, _NOT_ERASED),
        "cases": buckets(session, *case, _NOT_ERASED, Case.changed_at <= before),
        "messages": buckets(session, Post.id, 0, Post.said_at <= before),
        "states of mails": buckets(session, MailStatus.mail_id, MailStatus.version),
    }


def _cases(session: Session) -> Sequence[Any]:
    return session.scalars(select(Case.id).where(_NOT_ERASED).order_by(Case.submitted_at)).all()


def _tell_case(session: Session, case_id: Any) -> None:
    """The case, and its proposal as review holds it."""
    case = session.get_one(Case, case_id)
    profile = versions.of(session, version=case.profile_version)
    data = publication.public_state(session, case, profile=profile)
    data["known_proposal"] = _known_proposal(case)
    outbox.add(session, "case.changed.v1", data, at=case.changed_at)


def _known_proposal(case: Case) -> dict[str, Any]:
    state = ProposalState.AMENDED if case.proposal_version > 1 else ProposalState.SUBMITTED
    names = ("proposal_id", "reference", "branch", "language", "profile_version", "people")
    return {
        **{name: getattr(case, name) for name in (*names, "answers", "submitted_at", "changed_at")},
        "version": case.proposal_version,
        "state": _PROPOSAL_STATES.get(CaseState(case.state), state),
        "files": [],
        "promises": publication.promises_of(case),
    }


def _messages(session: Session) -> Sequence[Any]:
    return session.scalars(select(Post.id).order_by(Post.said_at)).all()


def _tell_message(session: Session, post_id: Any) -> None:
    posts.announce(session, session.get_one(Post, post_id))


def _entries(session: Session) -> Sequence[Any]:
    return session.scalars(select(CatalogueEntry.id).order_by(CatalogueEntry.title)).all()


def _tell_entry(session: Session, entry_id: Any) -> None:
    entry = session.get_one(CatalogueEntry, entry_id)
    names = ("version", "title", "unit", "skills", "state")
    data = {name: getattr(entry, name) for name in names}
    outbox.add(session, "catalogue_entry.changed.v1", data | {"entry_id": entry.id})


def _raise_catalogue(session: Session) -> None:
    """Raise the entries above every version that intake may hold. Nobody gives them back, so the
    copy is the truth.
    """
    above = int((now() - BEGINNING).total_seconds())
    for entry in session.scalars(select(CatalogueEntry)):
        entry.version = max(entry.version + 1, above)


ANNOUNCEMENTS = Announcements(
    [
        PROFILES,
        Announced("cases", _cases, _tell_case),
        Announced("messages", _messages, _tell_message),
        Announced("catalogue entries", _entries, _tell_entry),
        known_mails(MailStatus),
        unheard_mails(MailStatus),
    ],
    restored=_raise_catalogue,
)


def receive_mail(session: Session, data: dict[str, Any]) -> None:
    """Handler of `mail.changed.v1`; in the lost time its mail is a trace of a note or a letter."""
    if is_unheard(data):
        return
    mail_status.receive_mail(session, data)
    if data["kind"] == "mentioned":
        restores.note_loss(session, "mentions in notes", data["mail_id"], at=data["changed_at"])
    elif data["kind"] == "decision_waiting" and not _is_released(session, data):
        letter_id = UUID(data["cause"].split(":")[1])
        restores.note_loss(session, "drafted letters", letter_id, at=data["changed_at"])


def _is_released(session: Session, data: dict[str, Any]) -> bool:
    """Whether the letter is here, or one of this case that was released since the copy."""
    restore = restores.last(session)
    since = restore.copied_at if restore is not None else data["changed_at"]
    case = select(Case.id).where(Case.proposal_id == data["proposal_id"]).scalar_subquery()
    released = or_(Letter.released_at.is_(None), Letter.released_at > since)
    return session.scalar(select(exists().where(Letter.case_id == case, released))) or False
