"""A page that timed out says so in one way: in its alert, or on a page of its own for a button."""

import pytest
from flask import Flask

from shared.web.ui.labels import LABELS
from tests.apps import on_sqlite
from tests.review.office import post, press, received, signed_in, visit

SAYS = LABELS["en"]

FORMS = [  # the page, and the address of its form
    ("triage", "/account", "/account/password"),
    ("admin", "/people", "/people/invite"),
    ("triage", "/cases/{case}", "/cases/{case}/write"),
    ("triage", "/cases/{case}", "/cases/{case}/note"),
    ("triage", "/cases/{case}/decision", "/cases/{case}/decision"),
    ("nobody", "/sign-in", "/sign-in"),
    ("nobody", "/password/forgotten", "/password/forgotten"),
]
BUTTONS = [
    ("triage", "/cases/{case}/take"),
    ("triage", "/account/mail"),
    ("triage", "/sign-out"),
    ("admin", "/operations/intake/{case}/again"),
]


@on_sqlite
@pytest.mark.parametrize(("role", "page", "address"), FORMS)
def test_a_form_that_timed_out_blames_no_field(
    apps: dict[str, Flask], role: str, page: str, address: str
):
    review = apps["review"]
    (case,) = received(review)
    client = review.test_client() if role == "nobody" else signed_in(review, role)
    shown = visit(client, page.format(case=case))
    typed = {"csrf_token": "old", "email": "ada@office.example", "text": "Hello", "note": "Hello"}
    typed |= {"kind": "decline", "reason": "duplicate", "current": "x", "new": "y", "name": "Ada"}
    answer = press(client, shown, address.format(case=case), **typed, password="z")
    assert answer.status == 400
    (alert,) = [given for given in answer.attributes("section") if given.get("id") == "errors"]
    assert "autofocus" in alert
    assert SAYS["timed_out"] in answer.text("h2")
    assert answer.text("title").startswith("Error: ")
    assert not [given for given in answer.attributes("input") if "aria-invalid" in given]


@on_sqlite
@pytest.mark.parametrize(("role", "address"), BUTTONS)
def test_a_button_that_timed_out_answers_with_a_page(
    apps: dict[str, Flask], role: str, address: str
):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review, role)
    answer = post(client, address.format(case=case), csrf_token="old")
    assert answer.status == 400
    assert answer.text("h1") == SAYS["timed_out"]
    assert SAYS["timed_out_reload"] in answer.text()
