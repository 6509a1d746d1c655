"""What each reply of a mail server means, also of one that refuses, lies or babbles."""

import pytest

from services.notify.smtp import (
    Deferred,
    InDoubt,
    Refused,
    ServerTrouble,
)
from tests.notify.smtp.talking import STAGES, STAGES_BEFORE_MAIL, conversation, refusal, send
from tests.smtp_sink import sink


@pytest.mark.parametrize("stage", STAGES)
def test_a_4xx_means_later_wherever_it_comes(stage):
    with sink([(stage, b"450 4.2.1 later\r\n")]) as server:
        found = refusal(server)
    assert type(found) is Deferred
    assert (found.code, found.reply) == (450, "4.2.1 later")
    assert found.unready == (stage in STAGES_BEFORE_MAIL)
    assert server.accepted == []


@pytest.mark.parametrize("stage", STAGES)
def test_a_5xx_is_our_trouble_until_a_recipient_is_named_and_final_after(stage):
    with sink([(stage, b"550 5.7.1 no\r\n")]) as server:
        reply = refusal(server)
    expected = Refused if stage in ("rcpt", "data", "dot") else ServerTrouble
    assert type(reply) is expected
    assert reply.code == 550


@pytest.mark.parametrize(
    "stage, reply",
    [("rcpt", b"552 full\r\n"), ("rcpt", b"550 5.2.2 full\r\n"), ("dot", b"554 5.2.2 full\r\n")],
)
def test_a_full_mailbox_may_empty(stage, reply):
    with sink([(stage, reply)]) as server:
        assert type(refusal(server)) is Deferred


NONSENSE = {
    "a line of 10 kB": b"250 " + b"x" * 10_240 + b"\r\n",
    "a line without end": b"2" * 10_240,
    "a thousand lines": b"250-more\r\n" * 1000 + b"250 end\r\n",
    "a code that does not exist": b"999 what\r\n",
    "two digits": b"25 what\r\n",
    "no code": b"hello there\r\n",
    "not ASCII": b"\xff\xfe\x00\r\n",
    "full-width digits": "２５０ fine\r\n".encode(),
    "nothing": b"\r\n",
}


@pytest.mark.parametrize("reply", NONSENSE.values(), ids=NONSENSE.keys())
def test_an_unreadable_reply_is_not_a_yes(reply):
    with sink([("rcpt", reply)]) as server:
        found = refusal(server)
    assert type(found) is Deferred
    assert len(found.reply) <= 500
    assert found.reply.isascii() and found.reply.isprintable()
    with sink([("dot", reply)]) as server:
        assert type(refusal(server)) is InDoubt, "nor leave to send a second copy"


def test_a_yes_with_words_beyond_ascii_is_a_yes():
    with sink([("dot", "250 très bien\r\n".encode())]) as server:
        talk = conversation(server)
        assert send(talk) == "tr s bien"
        talk.leave()
