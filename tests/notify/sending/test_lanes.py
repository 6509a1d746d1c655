"""Several connections at once: a slow one delays no other mail, and the server limits how many."""

import itertools
from collections.abc import Iterator

import pytest

from services.notify.models import Mail, MailAttempt
from services.notify.sending.lanes import DOTS
from tests.factories import rows
from tests.notify.mailing import is_in, mail_of, requested, sender, states, until, wait_for_state
from tests.smtp_sink import Act, Server, sink
from tests.smtp_sink.server import serving


def all_sent(app, mails) -> bool:
    return all(is_in(app, mail_id, "sent") for mail_id in mails)


@pytest.mark.parametrize("refusal", [b"421 4.7.0 too many connections\r\n", "drop"])
def test_a_server_that_takes_two_connections_gets_two_and_no_mail_suffers(make, refusal: Act):
    connects = itertools.count(1)

    def choose(stage: str) -> Act | None:
        if stage == "connect":
            return refusal if next(connects) > 2 else None
        return "keep, then late" if stage == "dot" else None

    server = Server(choose, keep=lambda mail: None)
    with serving(server):
        app = make(server)
        mails = [requested(app) for _ in range(20)]
        with sender(app):
            until(lambda: all_sent(app, mails), within=90.0)
    for mail_id in mails:
        assert states(app, mail_id) == ["sent"]
        assert mail_of(app, mail_id).attempts == 1
    assert server.connections == 3, "it was tried once, and not again"
    assert len(server.accepted) == 20


@pytest.mark.parametrize("act", ["keep, then hang", "hang"])
def test_a_server_that_is_silent_after_one_dot_holds_up_no_other_mail(make, act):
    with sink([("dot", act)]) as server:
        app = make(server, DOT_TIMEOUT="6", RESEND_AFTER="3600")
        mails = [requested(app) for _ in range(12)]
        with sender(app):
            until(lambda: sum(is_in(app, mail_id, "sent") for mail_id in mails) == 11)
            (hung,) = [mail for mail in mails if not is_in(app, mail, "sent")]
            assert is_in(app, hung, "sending"), "its answer may still come"
            wait_for_state(app, hung, "in_doubt")
    assert server.connections > 1


@pytest.mark.parametrize("act", ["keep, then hang", b"451 4.3.0 later\r\n", "keep, then drop"])
def test_a_mail_that_lay_ready_behind_one_in_trouble_goes_by_another_line(make, act):
    """The server is brisk until each line has a mail ready; then one dot meets trouble."""
    dots = itertools.count(1)
    server = Server(
        lambda stage: act if stage == "dot" and next(dots) == 25 else None, keep=lambda mail: None
    )
    with serving(server):
        app = make(server, DOT_TIMEOUT="60", RESEND_AFTER="3600", MAIL_CONNECTIONS="4")
        mails = [requested(app) for _ in range(60)]
        with sender(app):
            until(lambda: sum(is_in(app, mail, "sent") for mail in mails) >= 59, within=40.0)
    attempts = sorted(mail_of(app, mail).attempts for mail in mails)
    assert attempts[:59] == [1] * 59, "the mail in trouble alone may have been tried again"
    assert len({kept.message_id for kept in server.accepted}) == len(server.accepted)


def test_no_more_than_sixteen_mails_are_ever_without_an_answer_to_their_dot(make):
    """The server is brisk until there are many lines; then no dot gets its answer."""
    dots = itertools.count(1)
    server = Server(
        lambda stage: "keep, then hang" if stage == "dot" and next(dots) > 80 else None,
        keep=lambda mail: None,
    )

    def those(state: str) -> list[Mail]:
        return [mail for mail in rows(app, Mail) if mail.state == state]

    with serving(server):
        app = make(server, DOT_TIMEOUT="60", RESEND_AFTER="3600")
        for _ in range(140):
            requested(app)
        with sender(app):
            until(lambda: len(those("queued")) == 44, within=40.0)  # given back by those that wait
            assert server.connections > DOTS
            assert len(server.accepted) == 80 + DOTS
            assert len([mail for mail in those("sending") if mail.dot_at]) == DOTS
            assert {mail.attempts for mail in those("queued")} == {0}
            server.choose = lambda stage: None
            server.release.set()
            until(lambda: len(those("sent")) >= 140 - DOTS, within=40.0)
    assert len({kept.message_id for kept in server.accepted}) == 140, "the others went out after it"


def test_a_line_that_breaks_takes_the_mails_of_no_other_line_with_it(make):
    """Every fifth mail meets a fault, while the others go out beside it."""
    acts: Iterator[Act | None] = itertools.cycle(
        [None, "keep, then late", b"451 4.3.0 later\r\n", None, "keep, then drop"]
    )
    server = Server(lambda stage: next(acts) if stage == "dot" else None, keep=lambda mail: None)
    with serving(server):
        app = make(server, RESEND_AFTER="3600")
        mails = [requested(app) for _ in range(30)]
        with sender(app):
            until(
                lambda: all(
                    is_in(app, mail, "sent") or is_in(app, mail, "in_doubt") for mail in mails
                )
            )
    doubtful = [mail for mail in mails if is_in(app, mail, "in_doubt")]
    assert 0 < len(doubtful) < 30
    assert {row.mail_id for row in rows(app, MailAttempt) if row.outcome == "in_doubt"} == set(
        doubtful
    )
    copies = [server.count(mail_of(app, mail).message_id.strip("<>")) for mail in mails]
    assert copies == [1] * 30


def test_a_sender_that_stops_gives_back_what_it_has_not_marked(make):
    with sink([("rcpt", "hang")]) as server:
        app = make(server, SMTP_TIMEOUT="1")
        mail_id = requested(app)
        with sender(app):
            until(lambda: any(line.startswith("RCPT") for line in server.commands))
        assert mail_of(app, mail_id).state in ("queued", "deferred")
        with sender(app):
            wait_for_state(app, mail_id, "sent")
    assert len(server.accepted) == 1


def test_idle_connections_are_given_up(make):
    with sink() as server:
        app = make(server)
        with sender(app):
            mails = [requested(app) for _ in range(8)]
            until(lambda: all_sent(app, mails))
            opened = server.connections
            until(lambda: server.commands.count("QUIT") == opened)
            wait_for_state(app, requested(app), "sent")
    assert server.connections == opened + 1
