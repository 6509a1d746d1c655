"""The archive mailbox shows whether a letter in doubt was accepted.

A letter whose kind is settled by `verify` goes to its reader and to our archive in one SMTP
transaction, which a server accepts for both or for neither. So a copy in the archive proves that
the letter was accepted. A missing copy proves the opposite only after a while, and only if the
archive has a copy of a letter that was accepted later. Otherwise a person is asked.
"""

import imaplib
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, literal_column, select
from sqlalchemy.orm import Session

from services.notify.inbound import imap
from services.notify.mail_table import in_states, unsettled
from services.notify.models import Mail
from services.notify.models.states import MailState
from services.notify.sending import doubt
from shared import db
from shared.events import MailAnswer
from shared.mails.entry import OnDoubt
from shared.tables import now

AT_ONCE = 50  # letters a visit
FOUND = "A copy is in the archive."
NOT_FOUND = "The archive has a later letter but no copy of this one; sent again."


def check_archive(url: str, *, patience: timedelta) -> int:
    """Settle letters in doubt by the archive; return how many. No transaction is open during
    IMAP.
    """
    with db.read() as session:
        letters = unconfirmed_letters(session)
    if not letters:
        return 0
    with imap.opened(url) as mailbox:
        return sum(_settled(mailbox, letter, patience=patience) for letter in letters)


def _settled(mailbox: imaplib.IMAP4, letter: Mail, *, patience: timedelta) -> bool:
    if _holds(mailbox, letter):
        answer, reason = MailAnswer.ARRIVED, FOUND
    elif letter.dot_at and letter.dot_at < now() - patience and _archive_works(mailbox, letter):
        if _holds(mailbox, letter):  # it may have arrived between the two searches
            return False
        answer, reason = MailAnswer.SEND_AGAIN, NOT_FOUND
    else:
        return False
    with db.begin() as session:
        mail = session.get(Mail, letter.id, with_for_update=True)
        if mail is None or mail.version != letter.version:
            return False
        return doubt.settle(session, mail_id=mail.id, answer=answer, reason=reason)


def _archive_works(mailbox: imaplib.IMAP4, letter: Mail) -> bool:
    """Whether the archive has a copy of a letter that was accepted after this one."""
    with db.read() as session:
        later_letters = session.scalars(letters_after(letter).limit(3)).all()
    return any(_holds(mailbox, later) for later in later_letters)


def letters_after(letter: Mail) -> Select[Mail]:
    """Accepted letters whose dots came after this one's, oldest first. `changed_at` is the moment
    when each was accepted, and it has an index.
    """
    later = (Mail.dot_at > letter.dot_at, Mail.changed_at > letter.dot_at)
    return _letters(in_states(MailState.SENT)).where(*later).order_by(Mail.changed_at)


def _holds(mailbox: imaplib.IMAP4, letter: Mail) -> bool:
    mailbox.noop()  # shows what arrived since the folder was opened
    reply, numbers = mailbox.uid("search", "HEADER", "Message-ID", f'"{letter.message_id}"')
    if reply != "OK":
        raise imaplib.IMAP4.error("the archive cannot be searched")
    return bool((numbers[0] or b"").split())


def unconfirmed_letters(session: Session) -> list[Mail]:
    """The letters in doubt that have a copy for the archive, oldest first."""
    query = _letters(unsettled(MailState.UNCONFIRMED)).order_by(Mail.dot_at)
    return list(session.scalars(query.limit(AT_ONCE)))


def _letters(state: ColumnElement[bool]) -> Select[Mail]:
    """Letters in this state; policy and state are worded like their indexes."""
    verified = Mail.on_doubt == literal_column(f"'{OnDoubt.VERIFY}'")
    return select(Mail).where(verified, Mail.archived, state)
