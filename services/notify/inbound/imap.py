"""A mailbox over IMAP: the loop that visits it, and the connection for the length of a block."""

import imaplib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple
from urllib.parse import SplitResult, unquote

from sqlalchemy.exc import DBAPIError

from shared import db, logs
from shared.settings import urls
from shared.settings.loopback import is_loopback
from shared.worker.loops import Heartbeat

log = logs.logger(__name__)

PATIENCE = 30.0  # seconds
TICK = 0.2  # seconds between two signs of life
LOST = (imaplib.IMAP4.error, OSError)


class MailboxLoop(NamedTuple):
    """What to do in a mailbox and how often. `visit` returns whether more is left to do at once;
    `name` starts the sentence about a mailbox that cannot be read.
    """

    name: str
    url: str
    every: float
    visit: Callable[[str], bool]


def run_mailbox_loop(loop: MailboxLoop, *, stop: threading.Event, beat: Heartbeat) -> None:
    """Visit the mailbox until stopped; without an address there is nothing to do.

    A mailbox or database that is away is reported in the sign of life and tried again later.
    """
    due = time.monotonic()
    trouble: str | None = None
    while not stop.wait(TICK):
        beat(trouble, within=4 * PATIENCE)
        if not loop.url or time.monotonic() < due:
            continue
        try:
            has_more = loop.visit(loop.url)
            trouble = None
        except (*LOST, DBAPIError) as error:
            if isinstance(error, DBAPIError) and not db.unreachable(error):
                raise
            has_more, trouble = False, f"{loop.name} cannot be read: {str(error)[:200]}"
            log.warning("a mailbox cannot be read", mailbox=loop.name, error=str(error)[:200])
        due = time.monotonic() + (0.0 if has_more else loop.every)


def check_url(url: str) -> SplitResult:
    """The parts of `imap[s]://USER:PASSWORD@HOST[:PORT]/FOLDER`, in the clear on loopback only.
    Raises ValueError with a sentence that contains no password.
    """
    parts = urls.parts_of(url)
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise ValueError("the address must read imaps://USER:PASSWORD@HOST/FOLDER")
    if parts.scheme == "imap" and not is_loopback(parts.hostname):
        raise ValueError("the address must start with imaps:// unless it is on this machine")
    return parts


@contextmanager
def opened(url: str) -> Iterator[imaplib.IMAP4]:
    """The mailbox at this address (`check_url`), for the length of the block."""
    try:
        parts = check_url(url)
    except ValueError as error:
        raise imaplib.IMAP4.error(str(error)) from error
    host, port = parts.hostname or "", parts.port
    options: dict[str, Any] = {"timeout": PATIENCE}
    if parts.scheme == "imaps":
        context = ssl.create_default_context()
        mailbox: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            host, port or 993, ssl_context=context, **options
        )
    else:
        mailbox = imaplib.IMAP4(host, port or 143, **options)
    try:
        mailbox.login(unquote(parts.username or ""), unquote(parts.password or ""))
        reply, _ = mailbox.select(unquote(parts.path.lstrip("/")) or "INBOX")
        if reply != "OK":
            raise imaplib.IMAP4.error("the folder does not exist")
        yield mailbox
    finally:
        with suppress(*LOST):
            mailbox.logout()
