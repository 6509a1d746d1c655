"""The archive mailbox as a witness: whether a letter in doubt was accepted.

A letter whose kind is settled by `verify` goes to its reader and to our archive in one SMTP
transaction, which a server accepts for both or for neither. So a copy in the archive proves that it
was accepted. That there is none proves something only after a while, and only where a copy of
another letter, accepted later, has come: else a person is asked, as without an archive.
"""

import imaplib
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, literal_column, select
from sqlalchemy.orm import Session

from services.notify.inbound import imap
from services.notify.mail_table import in_states, unsettled
from services.notify.models import Mail
from services.notify.sending import doubt
from shared import db
from shared.tables import now

AT_ONCE = 50  # letters a visit
FOUND = "A copy of it is in the archive."
NOT_FOUND = "No copy of it came to the archive, but one of a later letter did; sent again."


def check_archive(url: str, *, patience: timedelta) -> int:
    """Settle what the archive can tell of; return how many. No transaction is open meanwhile."""
    with db.read() as session:
        letters = unconfirmed_letters(session)
    if not letters:
        return 0
    with imap.opened(url) as mailbox:
        return sum(_settled(mailbox, letter, patience=patience) for letter in letters)


def _settled(mailbox: imaplib.IMAP4, letter: Mail, *, patience: timedelta) -> bool:
    if _holds(mailbox, letter):
        answer, reason = "arrived", FOUND
    elif letter.dot_at and letter.dot_at < now() - patience and _archive_works(mailbox, letter):
        if _holds(mailbox, letter):  # it may have come between the two looks
            return False
        answer, reason = "again", NOT_FOUND
    else:
        return False
    with db.begin() as session:
        mail = session.get(Mail, letter.id, with_for_update=True)
        if mail is None or mail.version != letter.version:
            return False
        return doubt.settle(session, mail_id=mail.id, answer=answer, reason=reason)


def _archive_works(mailbox: imaplib.IMAP4, letter: Mail) -> bool:
    """Whether the copy of a letter that was accepted after this one has come."""
    with db.read() as session:
        witnesses = session.scalars(letters_after(letter).limit(3)).all()
    return any(_holds(mailbox, one) for one in witnesses)


def letters_after(letter: Mail) -> Select[Mail]:
    """The letters whose dots came after this one's, the first first. Each has changed since its
    dot, when it was accepted: that moment has an index.
    """
    later = (Mail.dot_at > letter.dot_at, Mail.changed_at > letter.dot_at)
    return _letters(in_states("sent")).where(*later).order_by(Mail.changed_at)


def _holds(mailbox: imaplib.IMAP4, letter: Mail) -> bool:
    mailbox.noop()  # what came since the folder was opened counts
    state, found = mailbox.uid("search", "HEADER", "Message-ID", f'"{letter.message_id}"')
    if state != "OK":
        raise imaplib.IMAP4.error("the archive cannot be searched")
    return bool((found[0] or b"").split())


def unconfirmed_letters(session: Session) -> list[Mail]:
    """The letters in doubt that may be settled here, the oldest first."""
    query = _letters(unsettled("in_doubt")).order_by(Mail.dot_at)
    return list(session.scalars(query.limit(AT_ONCE)))


def _letters(state: ColumnElement[bool]) -> Select[Mail]:
    """Policy and state in the words of their indexes."""
    verified = Mail.on_doubt == literal_column("'verify'")
    return select(Mail).where(verified, Mail.archived, state)
