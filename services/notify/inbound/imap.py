"""A mailbox over IMAP, opened for the length of a block."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from services.notify.smtp.server import is_loopback

PATIENCE = 30.0  # seconds
LOST = (imaplib.IMAP4.error, OSError)


@contextmanager
def opened(url: str) -> Iterator[imaplib.IMAP4]:
    """`imap[s]://USER:PASSWORD@HOST[:PORT]/FOLDER`; in the clear on loopback only."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    more: dict[str, Any] = {"timeout": PATIENCE}
    if parts.scheme == "imaps":
        context = ssl.create_default_context()
        mailbox: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, port or 993, ssl_context=context, **more)
    elif is_loopback(host):
        mailbox = imaplib.IMAP4(host, port or 143, **more)
    else:
        raise imaplib.IMAP4.error("its address must be imaps:// off loopback")
    try:
        mailbox.login(unquote(parts.username or ""), unquote(parts.password or ""))
        state, _ = mailbox.select(unquote(parts.path.lstrip("/")) or "INBOX")
        if state != "OK":
            raise imaplib.IMAP4.error("there is no such folder")
        yield mailbox
    finally:
        with suppress(*LOST):
            mailbox.logout()
