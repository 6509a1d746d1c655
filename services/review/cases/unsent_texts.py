"""What a colleague has typed into a form of a case and not sent yet; nobody else sees it.

The script of a page keeps it, so that a closed tab or the end of a session loses nothing.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.review.models import Case, Outgoing, Staff, UnsentText
from services.review.models.states import OutgoingKind
from shared.tables import now

MESSAGE_FORM = "cases.send_message"
KEPT_FOR = timedelta(days=60)


class Unsent(NamedTuple):
    """The unsent texts of one person on one case, by form: the name of its route."""

    rows: Mapping[str, UnsentText]

    def of(self, form: str) -> dict[str, str]:
        """The texts of this form by field; empty without any."""
        row = self.rows.get(form)
        return dict(row.texts) if row else {}


NOTHING = Unsent({})


def keep(session: Session, case: Case, *, by: Staff, form: str, typed: Mapping[str, str]) -> None:
    """Keep what is typed in this form, in place of what was; delete what is very old.

    The revision that it was typed for stays with it, so that a text sent later never replaces what
    a colleague wrote meanwhile.
    """
    texts = {name: text for name, text in typed.items() if text.strip()}
    revision = texts.pop("revision", "")
    session.execute(delete(UnsentText).where(UnsentText.changed_at < now() - KEPT_FOR))
    if not texts:
        forget(session, case, by=by, form=form)
        return
    key = {"staff_id": by.id, "case_id": case.id, "form": form}
    if revision.isascii() and revision.isdecimal() and len(revision) < 10:
        texts["revision"] = revision
    session.merge(UnsentText(**key, texts=texts, changed_at=now()))


def of_case(session: Session, case: Case, *, by: Staff) -> Unsent:
    """What this person has typed on this case."""
    mine = (UnsentText.case_id == case.id) & (UnsentText.staff_id == by.id)
    return Unsent({row.form: row for row in session.scalars(select(UnsentText).where(mine))})


def forget(session: Session, case: Case, *, by: Staff, form: str) -> None:
    """Delete what was typed in this form: it was sent or discarded."""
    session.execute(
        delete(UnsentText).where(
            UnsentText.case_id == case.id, UnsentText.staff_id == by.id, UnsentText.form == form
        )
    )


def give_back(session: Session, case: Case, row: Outgoing) -> None:
    """Give a message that was not to leave back to its author, behind what they typed meanwhile."""
    if row.kind != OutgoingKind.MESSAGE:
        return
    typed = of_case(session, case, by=row.staff).of(MESSAGE_FORM).get("text", "")
    both = {"text": "\n\n".join(filter(None, (row.text, typed)))}
    keep(session, case, by=row.staff, form=MESSAGE_FORM, typed=both)


def delete_of_case(session: Session, case: Case) -> None:
    """Delete what anybody has typed on this case."""
    session.execute(delete(UnsentText).where(UnsentText.case_id == case.id))
