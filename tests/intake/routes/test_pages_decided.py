"""What the proposer reads around a decision: what is ahead, who signs, who is announced."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from services.intake.models import Proposal
from tests.factories import an_event, rows
from tests.fakes import take
from tests.intake.browsing import get
from tests.intake.status_pages import asked, promised, review_reports, sent, status
from tests.shared.forms import EXAMPLE

LETTER = {
    "subject": "Your idea",
    "text": "We read it with care.",
    "signed_by": "Renata Kowalczyk",
    "released_at": "2026-10-02T16:00:00+00:00",
}
AFTER = "niversity approval, then course design"


@pytest.mark.parametrize(
    ("label", "letter", "said"),
    [
        ("being_read", None, f"If we accept it: u{AFTER}"),
        ("on_hold", LETTER, f"If we accept it: u{AFTER}"),
        ("accepted", LETTER, f"U{AFTER}"),
        ("not_now", LETTER, ""),
        ("withdrawn", None, ""),
    ],
)
def test_the_step_after_the_decision_is_shown_only_where_the_idea_is_going(
    apps: dict[str, Flask], label: str, letter: Any, said: str
):
    client = sent(apps["intake"])
    review_reports(apps["intake"], public_label=label, letter=letter)
    shown = status(client).text()
    assert said in shown
    assert ("course design" in shown) == bool(said)
    assert ("If we accept" in shown) == said.startswith("If")


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2031-02-03", "Next: we’ll come back to your idea on Monday, February 3, 2031."),
        (None, "Next: we’ll come back to your idea."),
    ],
)
def test_an_idea_on_hold_says_when_it_is_reopened(
    apps: dict[str, Flask], until: str | None, said: str
):
    client = sent(apps["intake"])
    review_reports(apps["intake"], public_label="on_hold", letter=LETTER, on_hold_until=until)
    assert said in status(client).text()


@pytest.mark.parametrize(
    ("name", "title"), [("Renata Kowalczyk", "Partnership coordinator"), ("Tara Lindqvist", "")]
)
def test_a_letter_is_signed_with_name_title_and_office_where_they_are_known(
    apps: dict[str, Flask], name: str, title: str
):
    client = sent(apps["intake"])
    office = EXAMPLE.offices[0]
    contact = {"name": name, "email": office["contact"]["email"]}
    letter = LETTER | {"signed_by": name}
    review_reports(apps["intake"], public_label="not_now", letter=letter, contact=contact)
    lines = [line for line in (name, title, "eLearning") if line]
    assert "<p>" + "<br>".join(lines) + "<br>" in status(client).html
    (mail,) = [data for data in asked(apps["intake"]) if data["kind"] == "decision"]
    assert mail["variables"]["signed_by"] == "\n".join(lines)


def test_the_letter_that_was_sent_is_feminine_in_spanish(apps: dict[str, Flask]):
    client = sent(apps["intake"])
    (proposal,) = rows(apps["intake"], Proposal)
    for number, kind in enumerate(("decision", "receipt")):
        mail = {"mail_id": UUID(int=number), "kind": kind, "state": "sent", "version": 1}
        take(apps["intake"], an_event("mail.changed.v1", proposal_id=proposal.id, **mail))
    shown = get(client, "/status?lang=es").text()
    assert "Carta de decisión: enviada" in shown and "Acuse de recibo: enviado" in shown


def test_a_heading_that_is_the_question_is_shown_once(apps: dict[str, Flask]):
    assert status(sent(apps["intake"])).text().count("Which describes you?") == 1


def test_no_new_contact_is_announced_once_the_idea_is_decided(apps: dict[str, Flask]):
    sent(apps["intake"])
    for version, name in ((3, "Tara Lindqvist"), (4, "Tom Delacroix")):
        contact = {"name": name, "email": "elearning@lakeside.example"}
        review_reports(
            apps["intake"],
            version=version,
            public_label="not_now",
            letter=LETTER,
            contact=contact,
        )
    mails = {data["mail_id"]: data["kind"] for data in asked(apps["intake"])}
    assert sorted(mails.values()) == ["decision", "receipt"]


@pytest.mark.parametrize(("days", "promises"), [(3, True), (-3, False)])
def test_a_new_contact_promises_no_day_that_has_passed(
    apps: dict[str, Flask], days: int, promises: bool
):
    sent(apps["intake"])
    promised(apps["intake"], first_reply_by=date.today() + timedelta(days=days))
    contact = {"name": "Tara Lindqvist", "email": "elearning@lakeside.example"}
    review_reports(apps["intake"], public_label="being_read", contact=contact)
    (mail,) = [data for data in asked(apps["intake"]) if data["kind"] == "looked_after"]
    assert bool(mail["variables"]["next_by"]) == promises
