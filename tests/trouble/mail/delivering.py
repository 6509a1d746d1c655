"""The whole way of a mail in one process: events carried by hand, a sender, an SMTP sink."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import Any

from flask import Flask

from tests.factories import an_event, rows, send_proposal
from tests.fakes import carry, take
from tests.notify.mailing import sender, until
from tests.smtp_sink.server import Accepted, Server, serving

NO_USER = b"550 5.1.1 no such user\r\n"
RAY = "ray@okafor-millwork.example"
AT_ONCE = {"MAIL_RETRY": "0.05", "MAIL_CONNECTIONS": "1", "POSTS_TOGETHER": "0"}


@contextmanager
def refusing(address: str, *, times: int = 1, reply: bytes = NO_USER) -> Iterator[Server]:
    """A mail server that refuses this mailbox so many times, because it does not exist."""
    left = times

    def choose(stage: str) -> bytes | None:
        nonlocal left
        if stage != "rcpt" or not left or address not in server.commands[-1]:
            return None
        left -= 1
        return reply

    server = Server(choose, keep=lambda mail: None)
    with serving(server):
        yield server


def deliver(suite: Mapping[str, Flask], server: Server) -> list[Accepted]:
    """Carry all events and send all mail until nothing waits; return what arrived meanwhile."""
    notify, before = suite["notify"], len(server.accepted)
    notify.config.update(AT_ONCE, SMTP_URL=server.url)
    carry(dict(suite))
    with sender(notify):
        until(lambda: not _waiting(notify))
    carry(dict(suite))
    return server.accepted[before:]


def _waiting(notify: Flask) -> bool:
    said = notify.test_cli_runner().invoke(args=["mail", "queue"]).output
    return any(f'"{state}"' in said for state in ("queued", "sending", "deferred"))


def bounced_receipt(suite: Mapping[str, Flask], server: Server) -> str:
    """A proposal of Ray whose receipt was refused, because his mailbox does not exist."""
    reference = send_proposal(suite["intake"])
    assert RAY not in [mail.recipient for mail in deliver(suite, server)]
    return reference


def words_of(mail: Accepted) -> str:
    """The plain text of a mail that arrived."""
    message = message_from_bytes(mail.body, policy=policy.default)
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def path_in(mail: Accepted) -> str:
    """The path of the link in a mail that arrived."""
    found = re.search(r"https?://[^/\s]+(/go/[\w-]+)", words_of(mail))
    assert found is not None
    return found[1]


def review_reports(intake: Flask, proposal: Any, **data: Any) -> None:
    """Review reports the case of this proposal."""
    take(intake, an_event("case.changed.v1", proposal_id=proposal.id, **data))


def only(app: Flask, table: Any) -> Any:
    """The only row of a table."""
    (row,) = rows(app, table)
    return row
