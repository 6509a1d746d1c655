"""A letter decides only when it leaves, and what stops it until then."""

import pytest
from flask import Flask
from sqlalchemy import update

from services.intake.models import CaseView
from services.review.models import Letter, Outgoing, Post, Staff
from shared import db
from tests.apps import on_sqlite
from tests.departing import WORDS, mails, undo
from tests.factories import an_event, count, rows
from tests.fakes import carry, take
from tests.review.office import (
    CHANGED,
    case_of,
    do,
    let_leave,
    post,
    press,
    published,
    signed_in,
    submitted,
    visit,
)


@pytest.fixture
def case(apps: dict[str, Flask]) -> str:
    """A case of a proposal, in an office whose messages leave after ten minutes."""
    apps["review"].config["SEND_DELAY"] = "600"
    return submitted(apps)


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
    told = published(review, "mail.requested.v1")
    waiting = [mail["kind"] for mail in told].count("decision_waiting")
    assert let_leave(review) == 0
    assert case_of(review, case).state == "decision_draft"
    assert count(review, Outgoing) == 0
    other = signed_in(review, "director", name="Dora Ek")
    assert "Could not be sent" in visit(other, f"/cases/{case}").text()
    told = published(review, "mail.requested.v1")
    assert [mail["kind"] for mail in told].count("decision_waiting") > waiting


@on_sqlite
def test_send_now_says_if_it_could_not_be_sent(apps: dict[str, Flask], case: str):
    review = apps["review"]
    lead, other = signed_in(review, "lead", name="Virginia Haas"), signed_in(review, "director")
    do(lead, case, "decision", kind="accept")
    do(lead, case, "letter/release")
    with review.app_context(), db.begin() as session:
        session.execute(update(Staff).where(Staff.name == "Virginia Haas").values(role="assessor"))
    page = visit(other, f"/cases/{case}")
    (path,) = [form.action for form in page.forms if form.action.endswith("/now")]
    answer = press(other, page, path)
    assert answer.response.headers["Location"] == f"/cases/{case}?done=not_sent"
    assert "It could not be sent." in visit(other, f"/cases/{case}", done="not_sent").text()
