"""How the tests of SMTP talk to a sink."""

import pytest

from services.notify.smtp import (
    Conversation,
    NotAccepted,
    Timeouts,
    server_from_url,
)
from tests import smtp_sink

BODY = b"Message-ID: <one@x.example>\r\nSubject: A\r\n\r\nHello\r\n"
QUICK = Timeouts(connect=2, command=0.5, data=0.5, block=0.5, dot=0.5)
AUTHENTICATED = "smtp://overture:secret@127.0.0.1:{port}"
STAGES_BEFORE_MAIL = ["connect", "ehlo", "auth"]
STAGES = [*STAGES_BEFORE_MAIL, "mail", "rcpt", "data", "dot"]


def conversation(server: smtp_sink.Server, url: str = AUTHENTICATED) -> Conversation:
    address = url.format(port=server.port)
    return Conversation(server_from_url(address, hello="notify.example", timeouts=QUICK))


def send(talk: Conversation, *, body: bytes = BODY, recipient: str = "dolores@x.example") -> str:
    talk.ready()
    talk.offer(envelope_from="no-reply@x.example", recipient=recipient, body=body)
    talk.heed_goodbye()
    talk.dot()
    return talk.verdict()


def refusal(server: smtp_sink.Server, **options: str) -> NotAccepted:
    """How one attempt to send fails."""
    talk = conversation(server, **options)
    with pytest.raises(NotAccepted) as caught:
        send(talk)
    talk.leave()
    return caught.value
