"""The status page, for the proposer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from services.intake.models import Proposal
from tests.factories import an_event, rows, sample
from tests.fakes import take
from tests.intake.browsing import get
from tests.intake.status_pages import HALF, promised, review_reports, sent, status
from tests.review.office import published


def test_an_owner_ticks_off_the_contact_person_and_no_message(apps: dict[str, Flask]):
    client = sent(apps["intake"])
    assigned = {"public_label": "being_read", "first_reply_at": "2026-09-01T15:00:00+00:00"}
    contact = {"name": "Tom Delacroix", "email": "elearning@lakeside.example"}
    review_reports(apps["intake"], **assigned, contact=contact)
    page = status(client).text()
    assert "You have a contact person on our team" in page and "Tom Delacroix" in page
    assert "writes to you" not in page and "will write to you" not in page
    (mail,) = [
        each
        for each in published(apps["intake"], "mail.requested.v1")
        if each["kind"] == "looked_after"
    ]
    assert mail["variables"]["contact_name"] == "Tom Delacroix"


def test_the_first_line_says_what_is_needed_and_the_next_date(apps: dict[str, Flask]):
    client = sent(apps["intake"])
    page = status(client)
    (proposal,) = rows(apps["intake"], Proposal)
    assert page.text("b").startswith("Nothing needed from you.")
    assert "Next: you’ll have a contact person on our team by" in page.text()
    assert f"{proposal.first_reply_by:%B} {proposal.first_reply_by.day}" in page.text()
    assert page.text("h1") == proposal.title


def test_a_promise_whose_day_has_passed_is_shown_as_broken(apps: dict[str, Flask]):
    client = sent(apps["intake"])
    past = date.today() - timedelta(days=9)
    promised(apps["intake"], first_reply_by=past)
    page = status(client)
    assert "We’re sorry" in page.text()
    assert f"Promised by {past:%A}, {past:%B} {past.day}" in page.text()
    assert "Next: you’ll have a contact person on our team by" not in page.text()
    assert f"By {past:%A}, {past:%B} {past.day}" not in page.text()


def test_the_status_page_shows_news_from_the_office_with_dates_and_letter(
    apps: dict[str, Flask],
):
    intake = apps["intake"]
    client = sent(intake)
    letter = {
        "subject": "Your idea",
        "text": "We would like to build this with you.\n\nCall me.",
        "signed_by": "Marcus Bell",
        "released_at": "2026-10-02T16:00:00+00:00",
    }
    step = {"order": 1, "label": "College of Business", "state": "waiting", "done_on": None}
    review_reports(
        intake,
        version=4,
        public_label="accepted",
        letter=letter,
        contact={"name": "Marcus Bell", "email": "ecampus@lakeside.example"},
        first_reply_at=datetime(2026, 9, 30, 9, tzinfo=UTC).isoformat(),
        route_steps=[step],
    )
    shown = status(client).text()
    assert "We accepted your idea and would like to plan it with you." in shown
    assert "We would like to build this with you. Call me." in shown
    assert "Marcus Bell will call or write to you to plan the first steps" in shown
    assert "Wednesday, September 30" in shown
    assert "College of Business" in shown
    assert "Promised by" not in shown


def test_a_question_of_the_office_comes_first(apps: dict[str, Flask]):
    client = sent(apps["intake"])
    question = {"section": "shape", "question": "Could the nights be taught on your site?"}
    review_reports(apps["intake"], version=3, public_label="needs_answer", reopened=[question])
    page = status(client)
    assert question["question"] in page.text()
    assert page.text("b").startswith("Please answer our question by writing to ")
    assert "pill large ask" in page.html


def test_it_shows_what_was_sent_and_what_became_of_the_mails(apps: dict[str, Flask]):
    client = sent(apps["intake"])
    (proposal,) = rows(apps["intake"], Proposal)
    mail = {"proposal_id": proposal.id, "kind": "receipt", "state": "bounced", "version": 3}
    take(apps["intake"], an_event("mail.changed.v1", **mail))
    shown = status(client).text()
    assert "Confirmation: couldn’t be delivered" in shown
    assert sample(HALF)["answers"]["need"].split(".")[0] in shown


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Confirmation: not sent, because this is a trial"),
        ("es", "Acuse de recibo: no se envió porque esto"),
    ],
)
def test_a_mail_that_a_trial_keeps_back_has_not_failed(
    apps: dict[str, Flask], language: str, said: str
):
    client = sent(apps["intake"])
    (proposal,) = rows(apps["intake"], Proposal)
    mail = {"proposal_id": proposal.id, "kind": "receipt", "state": "failed", "version": 1}
    take(apps["intake"], an_event("mail.changed.v1", **mail, kept_back=True))
    get(client, f"/?lang={language}")
    assert said in status(client).text()


def test_in_spanish_all_of_it_is_in_spanish(apps: dict[str, Flask]):
    client = sent(apps["intake"])
    get(client, "/?lang=es")
    page = status(client)
    assert page.attributes("html") == [{"lang": "es"}]
    assert "No necesitamos nada de usted" in page.text() or "usted" in page.text()
    assert "Nothing needed" not in page.text()
