"""What is refused says what to enter instead, whom it is about and where to go on."""

from typing import Any

from flask import Flask

from services.review.staff import password_resets
from tests.apps import on_sqlite
from tests.factories import a_proposal, send
from tests.review.office import (
    do,
    hire,
    member,
    press,
    published,
    received,
    signed_in,
    visit,
)


@on_sqlite
def test_a_forgotten_password_asks_for_a_full_address(apps: dict[str, Flask]):
    client = apps["review"].test_client()
    page = visit(client, "/password/forgotten")
    answer = press(client, page, "/password/forgotten", email="nobody")
    assert answer.status == 422
    said = "Enter your full email address, such as name@lakeside.example."
    assert said in answer.text("li") and 'value="nobody"' in answer.html
    known = press(client, page, "/password/forgotten", email="nobody@office.example")
    assert known.status == 200 and not known.text("li").count("full email")


@on_sqlite
def test_a_reset_mail_does_not_name_its_reader_as_the_contact(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "lead", name="Renata Kowalczyk")
    client = review.test_client()
    press(client, visit(client, "/password/forgotten"), "/password/forgotten", email=email)
    with review.app_context():
        password_resets.send_links()
    sent = {
        each["to_address"]: each["variables"]["contact_name"]
        for each in published(review, "mail.requested.v1")
        if each["kind"] == "password_reset"
    }
    assert sent == {email: "eLearning"}


@on_sqlite
def test_a_problem_page_of_the_office_leads_to_the_queue(apps: dict[str, Flask]):
    client = signed_in(apps["review"])
    answer = visit(client, "/operations")
    assert answer.status == 403
    assert "Ask an administrator if you need access." in answer.text()
    assert "Go to the queue" in answer.text("a") and "start page" not in answer.text("a")


@on_sqlite
def test_an_administrator_is_told_that_they_see_no_cases_and_where_to_go(apps: dict[str, Flask]):
    (case,) = received(apps["review"])
    answer = visit(signed_in(apps["review"], "admin"), f"/cases/{case}")
    assert answer.status == 403
    assert "Administrators don’t see cases." in answer.text()
    assert "Ask an administrator" not in answer.text()
    assert "Go to Operations" in answer.text("a") and "queue" not in answer.text("a")


@on_sqlite
def test_deactivating_an_owner_says_what_has_to_be_reassigned(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    do(signed_in(review, "triage", name="Nina Park"), case, "take")
    nina = member(review, hire(review, "triage", name="Nina Park"))
    admin = signed_in(review, "admin")
    answer = press(admin, visit(admin, "/people"), f"/people/{nina.id}/out")
    shown = visit(admin, answer.response.headers["Location"]).text()
    said = "Nina Park owns 1 open case. A lead or coordinator can reassign it."
    assert f"Account deactivated. {said}" in shown
    lead = signed_in(review, "lead")
    assert "Nina Park (deactivated)" in visit(lead, "/").text("td")
    assert "Nina Park (deactivated)" in visit(lead, f"/cases/{case}").text("aside")
    assert case in visit(lead, "/", owner=nina.id.hex).text()
    assert "Nina Park" in visit(lead, "/").text("option")


@on_sqlite
def test_a_pending_invitation_is_canceled(apps: dict[str, Flask]):
    review = apps["review"]
    admin = signed_in(review, "admin")
    page = visit(admin, "/people")
    typed = {"name": "Ada Park", "email": "ada@office.example", "role": "lead", "office": "every"}
    press(admin, page, "/people/invite", **typed)
    ada = member(review, "ada@office.example")
    page = visit(admin, "/people")
    assert "Cancel invitation" in page.text("button")
    answer = press(admin, page, f"/people/{ada.id}/out")
    assert "Invitation canceled." in visit(admin, answer.response.headers["Location"]).text()


@on_sqlite
def test_an_answer_of_parts_names_the_parts_that_it_takes(apps: dict[str, Flask]):
    answer: Any = send(apps["intake"].test_client(), a_proposal(needed_by="soon"))
    assert answer.status_code == 422
    (error,) = [each for each in answer.json["errors"] if "needed_by" in each["pointer"]]
    assert "an object with " in error["message"] and "month" in error["message"]
