"""From a decision to the letter in somebody's mailbox, and all that keeps a wrong one back."""

from datetime import timedelta

from flask import Flask

from services.intake.models import CaseView
from services.notify.models import Mail
from services.review.models import Letter
from shared import references
from shared.profile import Profile
from shared.tables import now
from tests.apps import EXAMPLE
from tests.factories import count, rows
from tests.fakes import carry, take
from tests.notify.mailing import sender, wait_for_state
from tests.review.office import (
    case_of,
    do,
    post,
    published,
    received,
    sent,
    signed_in,
    submitted,
    visit,
)
from tests.smtp_sink import sink

IN_A_YEAR = (now() + timedelta(days=365)).date()


def test_a_draft_is_previewed_as_sent_and_not_published(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    triage = signed_in(review, "triage", name="Renee Castellano")
    do(triage, case, "take")
    drafted = do(triage, case, "decision", kind="accept", note="Bring the drawings you use.")
    assert drafted.response.headers["Location"] == f"/cases/{case}/letter?done=draft"
    page = visit(triage, f"/cases/{case}/letter")
    assert "Bring the drawings you use." in page.text("article")
    assert "Dear Ray Okafor" in page.text("article")
    assert "Renee Castellano will call or write" in page.text("article")
    assert "Only a lead or director can send this letter" in page.text()
    assert len(published(review)) == 2  # received, taken


def test_a_letter_is_changed_released_and_mailed(apps: dict[str, Flask]):
    review = apps["review"]
    case = submitted(apps, org_name="Okafor Millwork")
    director = signed_in(review, "director", name="Helen Brook")
    do(director, case, "decision", kind="accept")
    words = {"subject": "Yes, with pleasure", "text": "Dear Ray,\r\n\r\nyes. <b>Really</b>."}
    assert do(director, case, "letter", **words).status == 303
    page = visit(director, f"/cases/{case}/letter")
    assert page.text("article").endswith("yes. <b>Really</b>.Helen Brook")
    assert "version 2" in page.text()
    released = do(director, case, "letter/release")
    assert released.response.headers["Location"] == f"/cases/{case}?done=send"

    case_row = case_of(review, case)
    assert (case_row.state, case_row.outcome, case_row.public_label) == (
        "accepted",
        "accepted",
        "accepted",
    )
    last_event = published(review)[-1]
    assert last_event["outcome"] == "accepted"
    assert last_event["letter"]["text"] == "Dear Ray,\n\nyes. <b>Really</b>."
    assert last_event["letter"]["subject"] == "Yes, with pleasure"
    assert last_event["letter"]["signed_by"] == "Helen Brook"
    carry(apps)
    (view,) = rows(apps["intake"], CaseView)
    assert (view.public_label, view.state["outcome"]) == ("accepted", "accepted")
    (mail,) = rows(apps["notify"], Mail, Mail.kind == "decision")
    assert mail.recipient == case_row.people[0]["address"]
    with sink() as server:
        apps["notify"].config["SMTP_URL"] = server.url
        with sender(apps["notify"]):
            wait_for_state(apps["notify"], mail.id, "sent")
    carry(apps)
    assert "Decision letter" in visit(director, f"/cases/{case}").text()


def test_a_later_event_of_the_case_does_not_mail_the_letter_again(apps: dict[str, Flask]):
    review = apps["review"]
    case = submitted(apps)
    director = signed_in(review, "director")
    do(director, case, "decision", kind="defer", reason="capacity_this_term",
       until=IN_A_YEAR.isoformat())  # fmt: skip
    do(director, case, "letter/release")
    do(director, case, "reopen", reason="Earlier than we thought.")
    assert published(review)[-1]["letter"] is not None
    carry(apps, times=2)
    assert count(apps["notify"], Mail, Mail.kind == "decision") == 1


def test_on_hold_has_its_day_and_its_reason_in_the_letter(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    director = signed_in(review, "director")
    do(director, case, "decision", kind="defer", reason="capacity_this_term",
       until=IN_A_YEAR.isoformat())  # fmt: skip
    letter = visit(director, f"/cases/{case}/letter").text("article")
    reason = Profile.of(EXAMPLE).reason("capacity_this_term", "en")
    assert reason["wording"] in letter and reason["change"] in letter
    assert str(IN_A_YEAR.year) in letter
    do(director, case, "letter/release")
    case_row = case_of(review, case)
    assert (case_row.state, case_row.public_label) == ("deferred", "on_hold")
    assert (case_row.deferred_until, case_row.due_on) == (IN_A_YEAR, IN_A_YEAR)
    assert "on hold until" in visit(director, "/", tab="deferred").text()


def test_declining_needs_two_pairs_of_eyes(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    director, lead = signed_in(review, "director"), signed_in(review, "lead")
    do(director, case, "decision", kind="decline", reason="out_of_mission")
    page = visit(director, f"/cases/{case}/letter")
    assert "another lead or director has to send it" in page.text()
    stranger = {
        control.name: control.value
        for control in visit(lead, f"/cases/{case}/letter").forms[1].controls
    }
    token = page.forms[0].named("csrf_token")[0].value
    forced = post(director, f"/cases/{case}/letter/release", csrf_token=token,
                  revision=stranger["revision"])  # fmt: skip
    assert forced.status == 403
    assert case_of(review, case).state == "decision_draft"

    do(lead, case, "letter", subject="Ours", text="Changed by the lead.")
    assert do(director, case, "letter/release").status == 303
    assert (case_of(review, case).state, published(review)[-1]["outcome"]) == (
        "declined",
        "declined",
    )


def test_own_wording_replaces_the_reason_of_the_profile(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    director = signed_in(review, "director")
    do(director, case, "decision", kind="decline", reason="incomplete",
       wording="The numbers are missing.", change="Send us the numbers.")  # fmt: skip
    letter = visit(director, f"/cases/{case}/letter").text("article")
    assert "The reason: The numbers are missing." in letter
    assert "What would change our decision: Send us the numbers." in letter
    assert Profile.of(EXAMPLE).reason("incomplete", "en")["wording"] not in letter


def test_a_letter_speaks_the_language_of_the_proposer(apps: dict[str, Flask]):
    review = apps["review"]
    reference = references.new()
    take(review, sent("faculty-es-contabilidad", reference=reference))
    director = signed_in(review, "director")
    do(director, references.display(reference), "decision", kind="decline", reason="incomplete")
    (letter,) = rows(review, Letter)
    spanish = Profile.of(EXAMPLE).reason("incomplete", "es")
    assert letter.language == "es"
    assert letter.subject.startswith("Nuestra decisión")
    assert spanish["wording"] in letter.text and spanish["change"] in letter.text
