"""The conversation over real sockets: what arrives, over which connection, to whom."""

import socket
import time

import pytest

from services.notify.composing.addresses import BadAddress
from services.notify.smtp import (
    Conversation,
    Lost,
    Refused,
    server_from_url,
)
from services.notify.smtp.wire import SLICE
from tests.notify.smtp.talking import BODY, QUICK, conversation, send
from tests.smtp_sink import sink


def test_a_mail_arrives_byte_for_byte_and_the_answer_is_kept():
    body = BODY + b".\r\n..two dots\r\n" + b"x" * 200_000 + b"\r\n"
    with sink() as server:
        talk = conversation(server)
        assert send(talk, body=body) == "2.0.0 kept"
        talk.leave()
    assert server.accepted == [("one@x.example", "no-reply@x.example", "dolores@x.example", body)]


def test_a_bare_line_end_cannot_end_a_mail_early():
    hostile = BODY + b"a\n.\nMAIL FROM:<evil@x.example>\r.\rb"
    with sink() as server:
        talk = conversation(server)
        send(talk, body=hostile)
        talk.leave()
    (mail,) = server.accepted
    assert mail.body == BODY + b"a\r\n.\r\nMAIL FROM:<evil@x.example>\r\n.\r\nb\r\n"


def test_one_connection_carries_a_hundred_mails_and_not_one_more():
    with sink() as server:
        talk = conversation(server)
        for _ in range(101):
            send(talk)
        talk.leave()
    assert len(server.accepted) == 101
    assert server.connections == 2


@pytest.mark.parametrize("fault", [b"421 4.4.2 too long\r\n", "drop"])
def test_a_kept_connection_that_the_server_closed_does_not_affect_the_next_mail(fault):
    with sink([("mail", b"250 2.1.0 fine\r\n"), ("mail", fault)]) as server:
        talk = conversation(server)
        send(talk)
        send(talk)
        talk.leave()
    assert len(server.accepted) == 2
    assert server.connections == 2


def test_a_failed_mail_does_not_affect_the_next_one():
    with sink([("rcpt", b"550 5.1.1 nobody\r\n")]) as server:
        talk = conversation(server)
        with pytest.raises(Refused):
            send(talk)
        send(talk)
        talk.leave()
    assert len(server.accepted) == server.connections == 1
    assert "RSET" in server.commands


def test_a_mail_without_its_dot_is_never_accepted():
    with sink() as server:
        talk = conversation(server)
        talk.ready()
        talk.offer(envelope_from="a@x.example", recipient="b@x.example", body=BODY)
        talk.drop()
        send(talk)
        talk.leave()
    assert len(server.accepted) == 1


@pytest.mark.parametrize(
    "recipient",
    [
        "b@x.example>\r\nRCPT TO:<evil@x.example",
        "b@x.example> NOTIFY=NEVER",
        "b@x.example,evil@x.example",
        "b@x.example evil@x.example",
        "B <b@x.example>",
        '"a b"@x.example',
        "b@x.example\n",
        "üser@x.example",
        "b@münchen.example",
        "b@",
        "@x.example",
        "b",
        "",
        "b@x..example",
        "b@-x.example",
        f"{'b' * 65}@x.example",
        f"b@{'x.' * 130}example",
    ],
)
def test_only_one_plain_address_gets_into_an_envelope(recipient):
    with sink() as server:
        talk = conversation(server)
        talk.ready()
        for sender, to in [("a@x.example", recipient), (recipient, "b@x.example")]:
            with pytest.raises(BadAddress):
                talk.offer(envelope_from=sender, recipient=to, body=BODY)
        talk.leave()
    assert not any(line.startswith(("MAIL", "RCPT")) for line in server.commands)


def test_a_sign_of_life_is_given_while_the_server_is_silent():
    signs = []
    with sink([("rcpt", "hang")]) as server:
        patience = QUICK._replace(command=SLICE * 1.5)
        address = server_from_url(server.url, hello="n.example", timeouts=patience)
        talk = Conversation(address, beat=lambda: signs.append(time.monotonic()))
        with pytest.raises(Lost):
            send(talk)
        talk.leave()
    assert signs[-1] - signs[0] >= SLICE, "one more came while nothing did"


def test_an_unreachable_server_is_not_blamed_on_a_mail():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    talk = Conversation(server_from_url(f"smtp://127.0.0.1:{port}", hello="n.example"))
    with pytest.raises(Lost) as caught:
        talk.ready()
    assert caught.value.unready
