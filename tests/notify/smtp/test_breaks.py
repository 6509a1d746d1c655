"""A line that breaks, hangs or drips: nothing was accepted before the dot, a doubt comes after."""

import pytest

from services.notify.smtp import (
    Deferred,
    InDoubt,
    Lost,
)
from tests.notify.smtp.talking import BODY, STAGES, conversation, refusal, send
from tests.smtp_sink import sink


@pytest.mark.parametrize("act", ["drop", "hang", "drip"])
@pytest.mark.parametrize("stage", STAGES[:-1])
def test_a_line_that_breaks_before_the_dot_has_accepted_nothing(stage, act):
    with sink([(stage, act)]) as server:
        reply = refusal(server)
        assert type(reply) is Lost
        assert server.accepted == []


def test_a_line_that_breaks_within_the_body_has_accepted_nothing():
    with sink([("body", "drop")]) as server:
        talk = conversation(server)
        talk.ready()
        with pytest.raises(Lost):  # more than fits between the two
            talk.offer(envelope_from="a@x.example", recipient="b@x.example", body=BODY * 500_000)
    assert server.accepted == []


@pytest.mark.parametrize("act", ["drop", "hang", "keep, then drop", "keep, then hang", "drip"])
def test_a_line_that_breaks_after_the_dot_leaves_a_doubt(act):
    with sink([("dot", act)]) as server:
        assert type(refusal(server)) is InDoubt
        assert len(server.accepted) == ("keep" in act or act == "drip")


def test_a_late_answer_is_waited_for():
    with sink([("dot", "keep, then late")]) as server:
        talk = conversation(server)
        assert send(talk) == "2.0.0 kept"
        talk.leave()


def test_a_goodbye_before_the_dot_is_heard():
    with sink([("body", b"421 4.3.2 shutting down\r\n")]) as server:
        talk = conversation(server)
        talk.ready()
        talk.offer(envelope_from="a@x.example", recipient="b@x.example", body=BODY)
        with pytest.raises((Deferred, Lost)):
            for _ in range(100_000):  # until it has crossed the wire
                talk.heed_goodbye()
        talk.leave()
    assert server.accepted == []
