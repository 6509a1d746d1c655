"""What a 5xx at a recipient, or in a report, blames: the mailbox, our own sender, or neither.

Only a server that says that the mailbox does not exist may cost it all further mail. Servers answer
at RCPT to faults of ours too (sender, relaying, block lists), with the same codes. So the words
count as well, and where they leave a doubt, the mailbox is innocent.
"""

import re
from enum import StrEnum


class Blame(StrEnum):
    """Whose fault a refusal is."""

    MAILBOX = "mailbox"  # it does not exist
    SENDER = "sender"  # ours: every mail would get this reply until it is mended
    NEITHER = "neither"  # policy, reputation, this mail, or unclear


_ENHANCED = re.compile(r"(?<![0-9.])5\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9.])")
_NO_MAILBOX_CODES = ("5.1.1", "5.1.6", "5.1.10")  # RFC 3463, 7505; Exchange says 5.1.10
_SENDER_CODES = ("5.1.7", "5.1.8")
_UNCLEAR_CODES = ("5.0.0", "5.5.0", "5.1.0")  # the words decide

_SENDER_WORDS = re.compile(
    r"sender (address )?(rejected|denied|unknown|verif)|relay(ing)? (access )?(is )?(denied|not)"
    r"|unable to relay|not permitted to relay|client host rejected|authentication (is )?required"
    r"|not authenticated|must authenticate",
    re.IGNORECASE,
)
_POLICY_WORDS = re.compile(
    r"\bspf\b|dmarc|dkim|block|black ?list|listed|reputation|policy|spam|prohibit|permitted"
    r"|sender|\bdns\b|\brbl\b|authenticat",
    re.IGNORECASE,
)
_NO_MAILBOX_WORDS = re.compile(
    r"no such (user|mailbox|recipient|address|account|person)"
    r"|(user|recipient|mailbox|address|account) (is )?(unknown|not found)"
    r"|unknown (user|recipient|mailbox|account)"
    r"|(user|recipient|mailbox|address|account)\b.{0,60}\b(does not|doesn'?t) exist"
    r"|recipient ?not ?found|invalid (mailbox|recipient)|no mailbox here",
    re.IGNORECASE,
)


def blame(reply: str, *, status: str = "") -> Blame:
    """Whom this reply blames. `status` is the enhanced code of a report, if it has one.

    A report and the reply that it quotes may have different codes; then neither is believed.
    """
    codes = {found.group() for found in _ENHANCED.finditer(f"{status} {reply}")}
    if codes & set(_SENDER_CODES) or _SENDER_WORDS.search(reply):
        return Blame.SENDER
    if _POLICY_WORDS.search(reply) or not codes <= {*_NO_MAILBOX_CODES, *_UNCLEAR_CODES}:
        return Blame.NEITHER
    named = bool(codes & set(_NO_MAILBOX_CODES))
    return Blame.MAILBOX if named or _NO_MAILBOX_WORDS.search(reply) else Blame.NEITHER
