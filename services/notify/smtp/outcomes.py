"""Why a mail was not accepted, with what that means for the next attempt."""

import re

from services.notify.models.states import AttemptOutcome
from services.notify.smtp.refusals import Blame, blame

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


def plain(text: str) -> str:
    """The text of a server, safe to store and show: printable, on one line, cut."""
    return _UNPRINTABLE.sub(" ", text).strip()[:REPLY_MAX]


def about_us(code: int, reply: str) -> NotAccepted:
    """Classify a reply to connect, EHLO, STARTTLS, AUTH or MAIL, before any recipient."""
    if 500 <= code <= 599:
        return ServerTrouble(reply, code=code)
    return Deferred(reply, code=code)


def about_the_mail(code: int, reply: str, *, at_recipient: bool = False) -> NotAccepted:
    """Classify a reply to RCPT, DATA or the final dot. A full mailbox (5.2.2; 552) can wait, and so
    can every mail while the server refuses our sender.
    """
    is_final = 500 <= code <= 599
    full = _MAILBOX_FULL.search(reply) or (at_recipient and code == 552)
    blamed = blame(reply) if at_recipient and is_final else Blame.NEITHER
    if is_final and not full and blamed != Blame.SENDER:
        refused = Refused(reply, code=code)
        refused.no_mailbox = blamed == Blame.MAILBOX
        return refused
    deferred = Deferred(reply, code=code)
    enhanced = _ENHANCED.search(reply)
    by_domain = enhanced and enhanced["subject"] in ("4", "7") and code != 421
    deferred.by_domain = bool(by_domain) and blamed != Blame.SENDER
    return deferred
