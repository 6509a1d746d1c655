"""What the office sends leaves after ten minutes, can be undone until then, and is one mail."""

import threading
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from flask import Flask
from sqlalchemy import update

from services.intake.models import CaseView, Person
from services.intake.models import Post as PostOfProposal
from services.notify.models import Mail
from services.review import departures
from services.review.models import Audit, Letter, Outgoing, Post, Staff
from shared import db
from shared.tables import OutboxRow, now
from tests.apps import on_postgresql, on_sqlite
from tests.factories import an_event, count, rows
from tests.fakes import carry, retry, take
from tests.review.office import (
    CHANGED,
    case_of,
    do,
    let_leave,
    post,
    press,
    signed_in,
    submitted,
    visit,
)

WORDS = "Could we talk on Thursday at 2 p.m.?"


@pytest.fixture
def case(apps: dict[str, Flask]) -> str:
    """A case of a proposal, in an office whose messages leave after ten minutes."""
    apps["review"].config["SEND_DELAY"] = "600"
    return submitted(apps)


def undo(client, case: str, page=None):
    page = page or visit(client, f"/cases/{case}")
    (path,) = [form.action for form in page.forms if form.action.endswith("/undo")]
    return press(client, page, path)


def mails(apps: dict[str, Flask], kind: str) -> list[Mail]:
    carry(apps, times=2)
    return rows(apps["notify"], Mail, Mail.kind == kind)


def plain(mail: Mail) -> str:
    """The text part of a mail, with its quotes in one line each."""
    body = message_from_bytes(mail.rendered, policy=policy.default).get_body(("plain",))
    return " ".join(body.get_content().replace("\n> ", " ").split())


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
    assert "This has left already, so it can’t be undone." in answer.text()
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


def test_a_letter_decides_only_when_it_leaves(apps: dict[str, Flask], case: str):
    review = apps["review"]
    writer, lead = signed_in(review), signed_in(review, "lead", name="Virginia Haas")
    do(writer, case, "decision", kind="accept")
    do(lead, case, "letter/release")
    carry(apps, times=2)
    assert case_of(review, case).state == "decision_draft"
    (view,) = rows(apps["intake"], CaseView)
    assert view.state["letter"] is None
    page = visit(writer, f"/cases/{case}/letter")
    assert "This letter leaves " in page.text()
    assert [form.action for form in page.forms] == ["/sign-out"]
    fields = dict(visit(lead, f"/cases/{case}").forms[-1].data())
    shown = {name: fields[name] for name in ("csrf_token", "revision")}
    words = {"subject": "Other", "text": "Other words.", "reason": "No."}
    for act in ("letter", "letter/discard", "letter/release"):
        refused = post(lead, f"/cases/{case}/{act}", **shown, **words)
        assert refused.status == 409, act
        assert "This letter has been sent and leaves soon." in refused.text(), act
    assert undo(lead, case).status == 303
    assert [letter.released_at for letter in rows(review, Letter)] == [None]
    do(lead, case, "letter/release")
    let_leave(review)
    assert case_of(review, case).state == "accepted"
    assert len(mails(apps, "decision")) == 1


@on_sqlite
def test_a_withdrawal_stops_what_has_not_left(apps: dict[str, Flask], case: str):
    review = apps["review"]
    lead = signed_in(review, "lead")
    do(lead, case, "decision", kind="accept")
    do(lead, case, "letter/release")
    do(lead, case, "write", text=WORDS)
    row = case_of(review, case)
    take(review, an_event(CHANGED, proposal_id=row.proposal_id, reference=row.reference,
                          version=9, state="withdrawn"))  # fmt: skip
    assert let_leave(review) == 0
    assert case_of(review, case).state == "withdrawn"
    assert count(review, Post) == count(review, Letter) == 0


@on_sqlite
def test_a_letter_whose_sender_may_not_send_it_anymore_stays_a_draft(
    apps: dict[str, Flask], case: str
):
    review = apps["review"]
    lead = signed_in(review, "lead", name="Virginia Haas")
    do(lead, case, "decision", kind="accept")
    do(lead, case, "letter/release")
    with review.app_context(), db.begin() as session:
        session.execute(update(Staff).where(Staff.name == "Virginia Haas").values(role="assessor"))
    assert let_leave(review) == 0
    assert case_of(review, case).state == "decision_draft"
    assert count(review, Outgoing) == 0
    other = signed_in(review, "director", name="Dora Ek")
    assert "Could not be sent" in visit(other, f"/cases/{case}").text()


@on_sqlite
def test_its_mail_waits_for_a_message_that_comes_late(apps: dict[str, Flask], case: str):
    review, intake = apps["review"], apps["intake"]
    do(signed_in(review, "triage"), case, "write", text=WORDS)
    let_leave(review)
    with review.app_context(), db.read():
        events = {row.event_type: row.envelope for row in rows(review, OutboxRow)}
    take(intake, events["case.changed.v1"])
    assert len(mails(apps, "post_from_office")) <= 1
    take(intake, events["post.added.v1"])
    retry(intake)
    assert len(mails(apps, "post_from_office")) == 1
