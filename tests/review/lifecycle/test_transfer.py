"""A case goes to another office of the institution and stays open: clock, consent, conversation."""

from email import message_from_bytes, policy
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from services.intake.models import CaseView
from services.notify.models import Mail
from services.review.models import Post
from shared import references
from tests.apps import on_sqlite
from tests.factories import count, rows, sample, send_proposal
from tests.fakes import carry, take
from tests.review.mails import recipients, requested_mails
from tests.review.office import (
    case_of,
    change_staff,
    do,
    hire,
    published,
    received,
    sent,
    signed_in,
    visit,
)

WHY = "They teach on the regional campus."


def passed_on(client: Any, case: str) -> Any:
    return do(client, case, "pass-on", office="regional", reason=WHY)


def test_a_case_goes_to_another_office_with_everything_said_and_no_owner(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    clerk = signed_in(review, "triage", name="Tara Lindqvist")
    do(clerk, case, "take")
    do(clerk, case, "write", text="Could we talk?")
    before = case_of(review, case)
    answer = passed_on(clerk, case)
    assert answer.response.headers["Location"] == f"/cases/{case}?done=pass_on"
    case_row = case_of(review, case)
    assert (case_row.office, case_row.owner_id, case_row.state) == ("regional", None, "triage")
    assert (case_row.due_on, case_row.meeting_by) == (before.due_on, before.meeting_by)
    assert case_row.first_reply_at == before.first_reply_at and count(review, Post) == 1
    last_event = published(review)[-1]
    assert last_event["office"] == "Regional E-Campus"
    assert last_event["contact"] == {"name": "Marcus Bell", "email": "ecampus@lakeside.example"}
    page = visit(clerk, f"/cases/{case}", done="pass_on")
    assert "Tara Lindqvist: to Regional E-Campus: " + WHY in page.text()
    assert (
        "The proposer was not emailed, but their status page names the new office." in page.text()
    )


def test_the_other_office_learns_who_transferred_the_case_and_why(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    passed_on(signed_in(review, "triage", name="Tara Lindqvist"), case)
    (mail,) = requested_mails(review, "case_passed_on")
    assert (mail["to_address"], mail["to_name"]) == ("ecampus@lakeside.example", "Marcus Bell")
    mail_variables = mail["variables"]
    assert (mail_variables["by"], mail_variables["former"], mail_variables["word"]) == (
        "Tara Lindqvist",
        "eLearning",
        WHY,
    )
    assert (mail_variables["office"], mail_variables["due"]) == (
        "Regional E-Campus",
        "Friday, September 4",
    )


def test_the_owner_who_loses_the_case_is_mailed_too(apps: dict[str, Flask]):
    review, notify = apps["review"], apps["notify"]
    (case,) = received(review)
    owner = hire(review, "assessor", name="Olga Reed", office="main")
    do(signed_in(review, "assessor", name="Olga Reed"), case, "take")
    passed_on(signed_in(review, "triage", name="Tara Lindqvist"), case)
    assert recipients(review, "case_passed_on") == ["ecampus@lakeside.example", owner]
    carry(apps)
    for mail in rows(notify, Mail, Mail.kind == "case_passed_on"):
        letter = message_from_bytes(mail.rendered, policy=policy.default)
        body = letter.get_body(("plain",))
        assert body is not None and "your office" not in body.get_content()
        assert "Tara Lindqvist of eLearning transferred" in body.get_content()
        assert "to Regional E-Campus." in " ".join(body.get_content().split())
        assert letter["Subject"].startswith("Transferred to Regional E-Campus: ")


@pytest.mark.parametrize("active", [True, False])
def test_an_owner_who_transfers_it_or_is_deactivated_gets_no_mail(
    apps: dict[str, Flask], active: bool
):
    review = apps["review"]
    (case,) = received(review)
    owner = signed_in(review, "triage", name="Tara Lindqvist")
    do(owner, case, "take")
    if active:
        passed_on(owner, case)
    else:
        change_staff(review, "tara.lindqvist@office.example", active=False)
        passed_on(signed_in(review, "lead"), case)
    assert recipients(review, "case_passed_on") == ["ecampus@lakeside.example"]


def test_the_old_office_no_longer_sees_a_transferred_case_and_gets_a_notice(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    clerk = signed_in(review, "triage", name="Main Person", office="main")
    there = signed_in(review, "triage", name="Regional Person", office="regional")
    assert visit(there, f"/cases/{case}").status == 404
    answer = passed_on(clerk, case)
    assert answer.response.headers["Location"] == f"/?passed={case}"
    page = visit(clerk, "/", passed=case)
    assert f"{case} was transferred. You no longer have access." in page.text()
    assert visit(clerk, f"/cases/{case}").status == 404
    assert do(there, case, "take").status == 303


def test_the_proposer_sees_the_new_office_and_gets_no_mail_about_it(apps: dict[str, Flask]):
    review, notify, intake = apps["review"], apps["notify"], apps["intake"]
    case = send_proposal(intake, **sample("partner-sterile-processing")["answers"])
    carry(apps)
    address = case_of(review, case).people[0]["address"]
    passed_on(signed_in(review, "triage"), case)
    carry(apps, times=2)
    assert [mail.kind for mail in rows(notify, Mail, Mail.recipient == address)] == ["receipt"]
    (view,) = rows(intake, CaseView)
    assert view.state["contact"]["name"] == "Marcus Bell"
    body = intake.test_client().get(f"/status/{case}").json
    assert body["contact"] == {"name": "Marcus Bell", "email": "ecampus@lakeside.example"}
    do(signed_in(review, "triage", name="Rita Moss", office="regional"), case, "take")
    carry(apps, times=2)
    (mail,) = rows(notify, Mail, Mail.kind == "looked_after")
    assert b"Rita Moss" in mail.rendered and b"ecampus@lakeside.example" in mail.rendered
    assert b"Regional E-Campus" in mail.rendered


def test_messages_of_the_new_office_carry_its_signature(apps: dict[str, Flask]):
    review, notify = apps["review"], apps["notify"]
    case = send_proposal(apps["intake"], **sample("partner-sterile-processing")["answers"])
    carry(apps)
    clerk = signed_in(review, "triage")
    passed_on(clerk, case)
    do(clerk, case, "write", text="Could we talk?")
    carry(apps)
    (mail,) = rows(notify, Mail, Mail.kind == "post_from_office")
    assert b"Regional E-Campus" in mail.rendered and b"Marcus Bell" in mail.rendered


def test_a_later_change_of_the_answers_does_not_undo_the_transfer(apps: dict[str, Flask]):
    review = apps["review"]
    reference, proposal = references.new(), uuid4()
    about = {"proposal_id": proposal, "reference": reference}
    take(review, sent("partner-half-idea", **about))
    case = references.display(reference)
    passed_on(signed_in(review, "triage"), case)
    take(review, sent("partner-half-idea", **about, version=9, state="amended"))
    assert case_of(review, case).office == "regional"


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"office": "main", "reason": WHY}, 409),  # it is there
        ({"office": "moon", "reason": WHY}, 409),
        ({"office": "", "reason": WHY}, 422),
        ({"office": "regional", "reason": "  "}, 422),
    ],
)
@on_sqlite
def test_a_case_is_passed_on_only_to_another_office_and_with_a_reason(
    apps: dict[str, Flask], typed: dict[str, str], status: int
):
    review = apps["review"]
    (case,) = received(review)
    assert do(signed_in(review, "lead"), case, "pass-on", **typed).status == status
    assert case_of(review, case).office == "main"
    assert requested_mails(review, "case_passed_on") == []


def test_a_case_whose_letter_is_drafted_and_one_of_a_colleague_are_not_offered(
    apps: dict[str, Flask],
):
    review = apps["review"]
    drafted, taken = received(review, 2)
    lead, assessor = signed_in(review, "lead"), signed_in(review, "assessor")
    do(lead, drafted, "decision", kind="accept")
    do(lead, taken, "take")
    for client, case in ((lead, drafted), (assessor, taken)):
        actions = [form.action for form in visit(client, f"/cases/{case}").forms]
        assert f"/cases/{case}/pass-on" not in actions
    assert f"/cases/{taken}/pass-on" in [
        form.action for form in visit(lead, f"/cases/{taken}").forms
    ]
