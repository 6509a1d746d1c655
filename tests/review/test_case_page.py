"""The page of a case: everything the office knows, what is open apart, and who looked at it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import Flask

from services.review.cases.audit import VISIT
from services.review.models import Audit
from services.review.models.states import CaseEvent
from shared import db, references
from shared.profile import Profile, labels
from shared.tables import now
from tests.apps import EXAMPLE, on_sqlite
from tests.factories import an_event, count, rows, sample
from tests.fakes import carry, take
from tests.review.office import (
    case_of,
    do,
    hire,
    member,
    published,
    received,
    sent,
    signed_in,
    submitted,
    visit,
)

PROFILE = Profile.of(EXAMPLE)


def opened(app: Flask, name: str, **changes: object) -> str:
    reference = references.new()
    take(app, sent(name, proposal_id=uuid4(), reference=reference, **changes))
    return references.display(reference)


def test_every_answer_is_shown_under_its_label(apps: dict[str, Flask]):
    review = apps["review"]
    page = visit(signed_in(review), f"/cases/{opened(review, 'faculty-full-water-testing')}")
    text = page.text()
    answers = sample("faculty-full-water-testing")["answers"]
    sheets = labels.sheets(PROFILE, answers)
    assert len(sheets) > 5
    for sheet in sheets:
        for row in sheet["rows"]:
            assert row["label"] in text, row["key"]
            for line in row["shown"]:
                assert " ".join(line.split()) in text, row["key"]


def test_not_sure_answers_are_listed_apart_and_missing_ones_on_one_line(apps: dict[str, Flask]):
    review = apps["review"]
    case = opened(review, "faculty-es-contabilidad")
    page = visit(signed_in(review), f"/cases/{case}")
    answers = sample("faculty-es-contabilidad")["answers"]
    unsure = [key for key, value in answers.items() if value == {"not_sure": True}]
    assert unsure
    for key in unsure:
        label = labels.label(PROFILE.question(key), "faculty")
        assert label in page.text("li")
        assert label not in page.text("dt")
    missing = page.text().split("Optional, not answered:")[1]
    for key in ("contact_phone", "department"):
        label = labels.label(PROFILE.question(key), "faculty")
        assert (label in missing) == (key not in answers)


def test_flags_are_explained_and_the_worst_comes_first(apps: dict[str, Flask]):
    review = apps["review"]
    page = visit(signed_in(review), f"/cases/{opened(review, 'partner-full-charging-stations')}")
    raised = ["no_sponsor", "no_campus_account", "agreement_needed", "confidential"]
    told_labels = [PROFILE.flag_label(flag) for flag in raised]
    text = page.text()
    places = [text.index(label["label"] + label["hint"]) for label in told_labels]
    assert places == sorted(places)


def test_the_head_names_who_state_due_and_the_next_step(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    page = visit(signed_in(review), f"/cases/{case}")
    head = page.text().split("Flags")[0]
    for said in ("Reading shop drawings", "New", "Assign an owner: ", "Partner", case,
                 "the proposer sees “Received”"):  # fmt: skip
        assert said in head, said
    assert "Ray Okafor" in page.text("aside")
    assert len(page.attributes("h1")) == 1
    filled = [one for one in page.attributes("button") if one.get("class") == "button"]
    assert len(filled) == 1


def test_the_conversation_goes_both_ways(apps: dict[str, Flask]):
    review = apps["review"]
    case = submitted(apps)
    client = signed_in(review, "triage", name="Renee Castellano")
    assert do(client, case, "write", text="How many people\r\nis it?").status == 303
    case_row = case_of(review, case)
    assert case_row.first_reply_at is not None and case_row.public_label == "being_read"
    carry(apps)
    proposal = case_row.proposal_id
    take(review, an_event("post.added.v1", post_id=uuid4(), proposal_id=proposal,
                          author="Ray Okafor", side="proposer", text="Ten a year. <i>Or so</i>",
                          said_at=now().isoformat()))  # fmt: skip
    page = visit(client, f"/cases/{case}")
    assert page.text().index("How many people is it?") < page.text().index("Ten a year.")
    assert "<i>Or so" not in page.html
    assert "Message from the proposer" in page.text("aside")
    (post,) = published(review, "post.added.v1")
    assert (post["author"], post["text"]) == ("Renee Castellano", "How many people\nis it?")


@on_sqlite
def test_an_empty_message_is_not_sent(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review)
    answer = do(client, case, "write", text=" \u200b ")
    assert answer.status == 422
    assert "Enter a message" in answer.text()
    assert answer.text("title").startswith("Error:")
    assert published(review, "post.added.v1") == []


def test_a_failed_mail_is_named_and_flagged_until_it_is_settled(
    apps: dict[str, Flask],
):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review)
    mail_status: dict[str, Any] = {
        "proposal_id": case_of(review, case).proposal_id,
        "mail_id": uuid4(),
        "kind": "receipt",
    }
    take(review, an_event("mail.changed.v1", version=2, state="bounced",
                          reason="No such <b>mailbox</b>", **mail_status))  # fmt: skip
    page = visit(client, f"/cases/{case}")
    assert "Bounced" in page.text() and "No such <b>mailbox</b>" in page.text()
    assert "An email may not have arrived. See Emails for what to do." in page.text("dd")
    assert "#mails" in [each["href"] for each in page.attributes("a") if each.get("href")]
    assert "Go to Emails" in page.text("dd")
    assert "Email problem" in visit(client, "/", flag="mail_failed").text()
    take(review, an_event("mail.changed.v1", version=3, state="sent", reason=None, **mail_status))
    assert "Email problem" not in visit(client, f"/cases/{case}").text()


def test_a_view_is_recorded_once_a_visit(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review)
    for _ in range(3):
        visit(client, f"/cases/{case}")
    assert count(review, Audit, Audit.action == CaseEvent.VIEWED) == 1
    with review.app_context(), db.begin() as session:
        row = session.query(Audit).filter(Audit.action == CaseEvent.VIEWED).one()
        row.at -= VISIT + timedelta(seconds=1)
    visit(client, f"/cases/{case}")
    looks = rows(review, Audit, Audit.action == CaseEvent.VIEWED)
    assert [row.staff_id for row in looks] == [member(review, hire(review, "triage")).id] * 2
    assert "Viewed by" in visit(signed_in(review, "auditor"), f"/cases/{case}").text()


def test_news_since_the_last_view_is_shown_once(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    me, other = signed_in(review), signed_in(review, "lead", name="Lee Ode")
    assert "New since your last visit" not in visit(me, f"/cases/{case}").text()
    do(other, case, "take")
    assert "New since your last visit" in visit(me, f"/cases/{case}").text()
    assert "New since your last visit" not in visit(me, f"/cases/{case}").text()


@on_sqlite
def test_a_reference_is_found_however_it_is_typed_and_nothing_else_is(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review)
    assert visit(client, f"/cases/{case.casefold().replace('-', '')}").status == 200
    for typed in ("AA2A-A2AA", "x", "1 OR 1=1", "..%2F1", "%00", "x" * 500):
        answer = visit(client, f"/cases/{typed}")
        assert answer.status == 404, typed
