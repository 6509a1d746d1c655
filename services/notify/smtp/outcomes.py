"""What can become of a mail that was not accepted, each with what it means for the next attempt."""

import re

from services.notify.models.states import AttemptOutcome

REPLY_MAX = 500  # characters of a reply that are kept

_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")
_ENHANCED = re.compile(r"(?<![0-9.])[245]\.(?P<subject>[0-9]{1,3})\.[0-9]{1,3}(?![0-9.])")
_MAILBOX_FULL = re.compile(r"(^|\D)[45]\.2\.2(\D|$)")


class NotAccepted(Exception):
    """`code` is the server's three digits or None; `reply` what it said, at most 500 characters.

    `unready` is true when there was no conversation at all, so that no mail is to blame. `outcome`
    is what the attempt records.
    """

    outcome = AttemptOutcome.NOT_ACCEPTED

    def __init__(self, reply: str, *, code: int | None = None, unready: bool = False):
        self.reply = plain(reply)
        self.code = code
        self.unready = unready
        super().__init__(self.reply)


class Deferred(NotAccepted):
    """Not now: a 4xx, a mailbox that is full, a reply that nobody can read. Try again later."""

    outcome = AttemptOutcome.DEFERRED
    by_domain = False
    """The recipient's whole domain does not want more now (4.7.x) or cannot be reached (4.4.x)."""


class Refused(NotAccepted):
    """Never: a 5xx about this recipient or this mail. `nobody`: there is no such mailbox."""

    outcome = AttemptOutcome.REFUSED
    nobody = False


class ServerTrouble(NotAccepted):
    """A 5xx before any recipient was named, no TLS, a wrong password: our fault, not the mail's."""

    outcome = AttemptOutcome.SERVER_TROUBLE


class Lost(NotAccepted):
    """The line broke or went silent before the final dot: nothing was accepted."""

    outcome = AttemptOutcome.LOST


class InDoubt(NotAccepted):
    """The line broke, went silent or spoke nonsense after the final dot: maybe it was accepted."""

    outcome = AttemptOutcome.UNCONFIRMED


def _nobody(code: int, reply: str) -> bool:
    """Whether it is the mailbox that is refused, and not us or this mail: 5.1.x, or a bare 550, 551
    or 553. A server that takes us for a nuisance (5.7.1) would else cost everybody her mail.
    """
    enhanced = _ENHANCED.search(reply)
    return enhanced["subject"] == "1" if enhanced else code in (550, 551, 553)


def plain(text: str) -> str:
    """What a server said, fit to be stored and shown: printable, on one line, cut."""
    return _UNPRINTABLE.sub(" ", text).strip()[:REPLY_MAX]


def about_us(code: int, reply: str) -> NotAccepted:
    """Sort a reply to connect, EHLO, STARTTLS, AUTH or MAIL, where no recipient is named yet."""
    if 500 <= code <= 599:
        return ServerTrouble(reply, code=code)
    return Deferred(reply, code=code)


def about_the_mail(code: int, reply: str, *, at_recipient: bool = False) -> NotAccepted:
    """Sort a reply to RCPT, DATA or the final dot. A full mailbox (5.2.2; 552 at RCPT) can wait."""
    full = _MAILBOX_FULL.search(reply) or (at_recipient and code == 552)
    if 500 <= code <= 599 and not full:
        refused = Refused(reply, code=code)
        refused.nobody = at_recipient and _nobody(code, reply)
        return refused
    deferred = Deferred(reply, code=code)
    enhanced = _ENHANCED.search(reply)
    deferred.by_domain = bool(enhanced and enhanced["subject"] in ("4", "7") and code != 421)
    return deferred
