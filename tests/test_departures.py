"""What the office sends leaves after ten minutes, can be undone until then, and is one mail."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from services.intake.models import Person
from services.intake.models import Post as PostOfProposal
from services.review import departures
from services.review.models import Audit, Outgoing, Post
from shared import db
from shared.tables import OutboxRow, now
from tests.apps import on_postgresql, on_sqlite
from tests.departing import WORDS, asked_for, mails, plain, undo
from tests.factories import count, rows
from tests.fakes import carry, retry, take
from tests.review.office import (
    case_of,
    change_staff,
    do,
    hire,
    let_leave,
    press,
    sign_in,
    signed_in,
    submitted,
    visit,
)


@pytest.fixture
def case(apps: dict[str, Flask]) -> str:
    """A case of a proposal, in an office whose messages leave after ten minutes."""
    apps["review"].config["SEND_DELAY"] = "600"
    return submitted(apps)


def test_a_message_leaves_after_ten_minutes_and_is_not_seen_before(
    apps: dict[str, Flask], case: str
):
    client = signed_in(apps["review"], "triage", name="Renee Castellano")
    answer = do(client, case, "write", text=WORDS)
    assert answer.response.headers["Location"] == f"/cases/{case}?done=leaves_soon"
    carry(apps, times=2)
    page = visit(client, f"/cases/{case}", done="leaves_soon")
    assert "until then you can undo it" in page.text()
    assert "Sent by Renee Castellano. The proposer can’t see it yet." in page.text()
    (row,) = rows(apps["review"], Outgoing)
    assert timedelta(minutes=9) < row.leaves_at - now() <= timedelta(minutes=10)
    with apps["review"].app_context():
        assert departures.leave_due_everywhere() == 0
    assert case_of(apps["review"], case).first_reply_at is None
    assert count(apps["review"], Post) == count(apps["intake"], PostOfProposal) == 0

    assert let_leave(apps["review"]) == 1

    (mail,) = mails(apps, "post_from_office")
    assert WORDS in [post.text for post in rows(apps["intake"], PostOfProposal)]
    assert case_of(apps["review"], case).first_reply_at is not None
    assert mail.next_attempt_at <= now()
    assert count(apps["review"], Outgoing) == 0


@on_sqlite
def test_what_leaves_together_is_one_mail_with_all_of_it(apps: dict[str, Flask], case: str):
    review, intake = apps["review"], apps["intake"]
    with intake.app_context(), db.begin() as session:
        session.execute(update(Person).values(verified_at=now()))
    renee = signed_in(review, "triage", name="Renee Castellano")
    lee = signed_in(review, "lead", name="Lee Ode")
    do(renee, case, "write", text=WORDS)
    do(lee, case, "write", text="Or on Friday.")
    let_leave(review)
    (mail,) = mails(apps, "post_from_office")
    assert WORDS in plain(mail) and "Or on Friday." in plain(mail)
    assert "Renee Castellano:" in plain(mail)

    do(renee, case, "write", text="And one thing more.")
    do(renee, case, "decision", kind="accept")
    do(lee, case, "letter/release")
    let_leave(review)
    (letter,) = mails(apps, "decision")
    assert "And one thing more." in plain(letter)
    assert len(mails(apps, "post_from_office")) == 1


@on_sqlite
def test_undone_in_time_a_message_was_never_sent_and_its_words_are_back(
    apps: dict[str, Flask], case: str
):
    review = apps["review"]
    renee = signed_in(review, "triage", name="Renee Castellano")
    do(renee, case, "write", text=WORDS)
    colleague = signed_in(review, "lead", name="Lee Ode")
    assert undo(colleague, case).status == 303
    let_leave(review)
    carry(apps, times=2)
    assert count(apps["intake"], PostOfProposal) == count(review, Post) == 0
    assert WORDS in visit(renee, f"/cases/{case}").html
    assert WORDS not in visit(colleague, f"/cases/{case}").html
    assert case_of(review, case).first_reply_at is None


@on_sqlite
def test_undone_too_late_it_says_that_it_has_left(apps: dict[str, Flask], case: str):
    review = apps["review"]
    client = signed_in(review, "triage")
    do(client, case, "write", text=WORDS)
    shown = visit(client, f"/cases/{case}")
    let_leave(review)
    answer = undo(client, case, shown)
    assert answer.status == 409
    assert "This has left already, or a colleague has undone it." in answer.text()
    assert count(review, Post) == 1


@on_postgresql
def test_undone_in_the_last_second_it_is_either_sent_or_undone(apps: dict[str, Flask], case: str):
    review = apps["review"]
    client = signed_in(review, "triage")
    do(client, case, "write", text=WORDS)
    shown = visit(client, f"/cases/{case}")
    with review.app_context(), db.begin() as session:
        session.execute(update(Outgoing).values(leaves_at=now()))
    statuses: list[int] = []
    undoing = threading.Thread(target=lambda: statuses.append(undo(client, case, shown).status))
    undoing.start()
    with review.app_context():
        departures.leave_due_everywhere()
    undoing.join()
    undone = [row.action for row in rows(review, Audit)].count("undo")
    assert count(review, Post) + undone == 1
    assert statuses == [303 if undone else 409]


@on_sqlite
def test_send_now_lets_it_leave_at_once(apps: dict[str, Flask], case: str):
    review = apps["review"]
    client = signed_in(review, "triage")
    do(client, case, "write", text=WORDS)
    page = visit(client, f"/cases/{case}")
    (path,) = [form.action for form in page.forms if form.action.endswith("/now")]
    assert press(client, page, path).status == 303
    assert [post.text for post in rows(review, Post)] == [WORDS]
    assert count(review, Outgoing) == 0


@on_sqlite
def test_its_mail_waits_for_a_message_that_comes_late(apps: dict[str, Flask], case: str):
    review, intake = apps["review"], apps["intake"]
    do(signed_in(review, "triage"), case, "write", text=WORDS)
    let_leave(review)
    with review.app_context(), db.read():
        events = {row.event_type: row.envelope for row in rows(review, OutboxRow)}
    take(intake, events["case.changed.v1"])
    assert count(intake, PostOfProposal) == 0 and asked_for(intake) == []
    take(intake, events["post.added.v1"])
    retry(intake)
    assert asked_for(intake) == ["post_from_office"]


def test_nothing_leaves_in_the_name_of_a_colleague_who_was_deactivated(
    apps: dict[str, Flask], case: str
):
    review = apps["review"]
    email = hire(review, "triage")
    client = review.test_client()
    sign_in(client, email)
    do(client, case, "write", text=WORDS)
    change_staff(review, email, active=False)
    assert let_leave(review) == 0
    assert count(review, Post) == count(review, Outgoing) == 0
    page = visit(signed_in(review, "lead"), f"/cases/{case}").text()
    assert "Could not be sent" in page
    assert WORDS in page
