"""A password link ends with the next password and with the account, and never comes back."""

import pytest
from flask import Flask
from sqlalchemy import update

from services.review.models import PasswordToken, Staff
from services.review.staff import password_tokens, people
from shared import db
from tests.apps import on_sqlite
from tests.factories import count
from tests.review.accounts import NEW, ask, change, choose, invited, links
from tests.review.office import (
    PASSWORD,
    change_staff,
    hire,
    let_time_pass,
    member,
    press,
    sign_in,
    signed_in,
    visit,
)

pytestmark = on_sqlite

CHOSEN = "seven quiet lamps by a harbor"


def _link_of(review: Flask, email: str) -> str:
    assert ask(review, email).status == 200
    return links(review, "password_reset")[-1]


def test_a_password_changed_on_the_account_page_ends_the_link(apps: dict[str, Flask]):
    review = apps["review"]
    client = signed_in(review)
    path = _link_of(review, hire(review, "triage"))
    typed = {"current": PASSWORD, "new": CHOSEN}
    assert press(client, visit(client, "/account"), "/account/password", **typed).status == 303
    assert visit(review.test_client(), path).status == 404
    assert count(review, PasswordToken) == 0


def test_a_link_works_until_it_ends_whoever_asks_for_another(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    own = _link_of(review, email)
    for _ in range(2):
        _link_of(review, f"Stranger <{email}>")
    assert choose(review, own).status == 303
    assert sign_in(review.test_client(), email, NEW).status == 303
    for path in links(review, "password_reset"):
        assert visit(review.test_client(), path).status == 404
    assert count(review, PasswordToken) == 0


def test_an_invitation_works_whoever_asks_for_a_reset(apps: dict[str, Flask]):
    review = apps["review"]
    admin = signed_in(review, "admin")
    assert invited(admin).status == 303
    ask(review, "noor@office.example")
    with review.app_context(), db.read() as session:
        listed = [account.member.email for account in people.accounts(session)]
    assert sorted(listed) == ["admin.person@office.example", "noor@office.example"]
    assert choose(review, links(review, "staff_invitation")[-1]).status == 303


def test_links_that_have_expired_are_deleted_with_the_next(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    for _ in range(2):
        _link_of(review, email)
        let_time_pass(review, PasswordToken, "expires_at", password_tokens.REQUEST_WINDOW)
    _link_of(review, email)
    assert count(review, PasswordToken) == 1


def test_a_password_set_by_command_ends_the_link(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    path = _link_of(review, email)
    run = review.test_cli_runner().invoke(args=["staff", "password", email, "--generate"])
    assert run.exit_code == 0
    assert visit(review.test_client(), path).status == 404


def test_a_link_stays_dead_when_the_account_comes_back(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    path = _link_of(review, email)
    admin = signed_in(review, "admin")
    assert change(admin, member(review, email), "out").status == 303
    assert change(admin, member(review, email), "in").status == 303
    assert visit(review.test_client(), path).status == 404
    assert sign_in(review.test_client(), email).status == 303


def test_after_choosing_a_password_the_sign_in_form_has_the_email(apps: dict[str, Flask]):
    review = apps["review"]
    invited(signed_in(review, "admin"))
    (path,) = links(review, "staff_invitation")
    client = review.test_client()
    chosen = press(client, visit(client, path), path, new=NEW)
    address = chosen.response.headers["Location"]
    assert "noor" not in address, "no address of a person in a log line"
    page = visit(client, address)
    assert 'value="noor@office.example"' in page.html
    assert press(client, page, "/sign-in", password=NEW).status == 303
    assert "noor@" not in visit(review.test_client(), address).html


def test_an_invitation_stays_dead_when_the_account_comes_back(apps: dict[str, Flask]):
    review = apps["review"]
    admin = signed_in(review, "admin")
    assert invited(admin).status == 303
    (path,) = links(review, "staff_invitation")
    for active in (False, True):
        change_staff(review, "noor@office.example", active=active)
    assert visit(review.test_client(), path).status == 404
    assert change(admin, member(review, "noor@office.example"), "invite").status == 303
    assert choose(review, links(review, "staff_invitation")[-1], NEW).status == 303


@pytest.mark.parametrize(
    "email",
    ["a@b", "a@localhost", "ada@-office.example", "ada..lin@office.example", "ada@office..example"],
)
def test_an_invitation_to_no_address_is_refused(apps: dict[str, Flask], email: str):
    review = apps["review"]
    page = invited(signed_in(review, "admin"), email=email)
    assert page.status == 422
    assert "Enter a full email address, such as name@lakeside.example." in page.text()
    assert links(review, "staff_invitation") == []
    run = review.test_cli_runner().invoke(
        args=["staff", "invite", email, "--name", "Ada Lin", "--role", "lead"]
    )
    assert run.exit_code == 1 and "Enter an email address" in run.output


def test_an_address_with_an_international_domain_signs_in_as_it_was_typed(apps: dict[str, Flask]):
    review = apps["review"]
    assert invited(signed_in(review, "admin"), email="Noor@b\u00fccher.example").status == 303
    assert choose(review, links(review, "staff_invitation")[-1]).status == 303
    for typed in ("noor@b\u00fccher.example", "noor@xn--bcher-kva.example"):
        assert sign_in(review.test_client(), typed, NEW).status == 303


def test_an_account_whose_address_was_accepted_before_still_signs_in(apps: dict[str, Flask]):
    review = apps["review"]
    hire(review, "triage")
    with review.app_context(), db.begin() as session:
        session.execute(update(Staff).values(email="clerk@intranet"))
    assert sign_in(review.test_client(), "Clerk@intranet").status == 303
