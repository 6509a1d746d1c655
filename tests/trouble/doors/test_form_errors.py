"""A form error is named as what it is; only an old token is a page that timed out."""

import pytest
from flask import Flask

from tests.apps import on_sqlite
from tests.review.accounts import change
from tests.review.office import hire, member, post, signed_in, visit

pytestmark = on_sqlite


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"role": "king"}, "Choose a role."),
        ({"office": "moon"}, "Choose an office."),
        ({"role": "", "office": ""}, "Choose a role. Choose an office."),
    ],
)
def test_an_unknown_role_or_office_is_a_choice_to_make_again(
    apps: dict[str, Flask], typed: dict[str, str], said: str
):
    review = apps["review"]
    clerk = member(review, hire(review, "triage"))
    page = change(signed_in(review, "admin"), clerk, "place", **typed)
    assert page.status == 422
    assert said in page.text()
    assert "timed out" not in page.text()
    assert member(review, clerk.email).role == "triage"


def test_an_old_token_is_still_a_page_that_timed_out(apps: dict[str, Flask]):
    review = apps["review"]
    clerk = member(review, hire(review, "triage"))
    admin = signed_in(review, "admin")
    page = post(admin, f"/people/{clerk.id}/place", role="king", office="every", csrf_token="old")
    assert page.status == 400
    assert "timed out" in page.text()


def test_an_unknown_choice_of_mails_is_a_choice_to_make_again(apps: dict[str, Flask]):
    client = signed_in(apps["review"])
    token = visit(client, "/account").forms[0].named("csrf_token")[0].value
    page = post(client, "/account/mail", csrf_token=token, mentioned="whenever")
    assert (page.status, "timed out" in page.text()) == (422, False)
