"""Why a mail was not accepted, with what that means for the next attempt."""

import re

from services.notify.models.states import AttemptOutcome

REPLY_MAX = 500  # characters of a reply that are kept

_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")
_ENHANCED = re.compile(r"(?<![0-9.])[245]\.(?P<subject>[0-9]{1,3})\.[0-9]{1,3}(?![0-9.])")
_MAILBOX_FULL = re.compile(r"(^|\D)[45]\.2\.2(\D|$)")


class NotAccepted(Exception):
    """`code` is the server's three digits or None; `reply` its text, at most 500 characters.

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
    """Not now: a 4xx, a full mailbox, an unreadable reply. Try again later."""

    outcome = AttemptOutcome.DEFERRED
    by_domain = False
    """The whole domain of the recipient takes no more now (4.7.x) or is unreachable (4.4.x)."""


class Refused(NotAccepted):
    """Never: a 5xx about this recipient or this mail. `no_mailbox`: the mailbox does not exist."""

    outcome = AttemptOutcome.REFUSED
    no_mailbox = False


class ServerTrouble(NotAccepted):
    """A 5xx before any recipient, no TLS, a wrong password: our fault, and no mail is to blame."""

    outcome = AttemptOutcome.SERVER_TROUBLE


class Lost(NotAccepted):
    """The line broke or timed out before the final dot: nothing was accepted."""

    outcome = AttemptOutcome.LOST


class InDoubt(NotAccepted):
    """No readable reply to the final dot: the mail may have been accepted."""

    outcome = AttemptOutcome.UNCONFIRMED


def _refuses_mailbox(code: int, reply: str) -> bool:
    """Whether the server refused the mailbox, and not us or this mail: 5.1.x, or a bare 550, 551 or
    553. A server that refuses us (5.7.1) must not suppress every mailbox.
    """
    enhanced = _ENHANCED.search(reply)
    return enhanced["subject"] == "1" if enhanced else code in (550, 551, 553)


def plain(text: str) -> str:
    """The text of a server, safe to store and show: printable, on one line, cut."""
    return _UNPRINTABLE.sub(" ", text).strip()[:REPLY_MAX]


def about_us(code: int, reply: str) -> NotAccepted:
    """Classify a reply to connect, EHLO, STARTTLS, AUTH or MAIL, before any recipient."""
    if 500 <= code <= 599:
        return ServerTrouble(reply, code=code)
    return Deferred(reply, code=code)


def about_the_mail(code: int, reply: str, *, at_recipient: bool = False) -> NotAccepted:
    """Classify a reply to RCPT, DATA or the final dot. A full mailbox (5.2.2; 552) can wait."""
    full = _MAILBOX_FULL.search(reply) or (at_recipient and code == 552)
    if 500 <= code <= 599 and not full:
        refused = Refused(reply, code=code)
        refused.no_mailbox = at_recipient and _refuses_mailbox(code, reply)
        return refused
    deferred = Deferred(reply, code=code)
    enhanced = _ENHANCED.search(reply)
    deferred.by_domain = bool(enhanced and enhanced["subject"] in ("4", "7") and code != 421)
    return deferred
