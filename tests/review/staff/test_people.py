"""Somebody joins the office by a link that is mailed to her, and comes back in by another."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from services.review.models import PasswordRequest, PasswordToken, Staff, StaffSession
from services.review.staff import password_tokens
from shared import db
from shared.tables import now
from tests.apps import on_sqlite
from tests.factories import an_event, count, rows
from tests.fakes import take
from tests.review.accounts import NEW, ask, change, choose, invited, links
from tests.review.office import hire, member, post, sign_in, signed_in, visit


def test_an_invited_person_chooses_a_password_and_signs_in(apps: dict[str, Flask]):
    review = apps["review"]
    assert invited(signed_in(review, "admin")).status == 303
    (path,) = links(review, "staff_invitation")
    noor = member(review, "noor@office.example")
    assert (noor.role, noor.office, noor.password_hash) == ("lead", "main", None)
    assert choose(review, path).status == 303
    assert sign_in(review.test_client(), noor.email, NEW).status == 303
    assert choose_again(review, path) == 404


def choose_again(app: Flask, path: str) -> int:
    return visit(app.test_client(), path).status


@on_sqlite
def test_opening_the_link_as_a_mail_scanner_does_changes_nothing(apps: dict[str, Flask]):
    review = apps["review"]
    invited(signed_in(review, "admin"))
    (path,) = links(review, "staff_invitation")
    for _ in range(3):
        assert visit(review.test_client(), path).status == 200
    assert post(review.test_client(), path, new=NEW).status == 400  # without the page's token
    assert member(review, "noor@office.example").password_hash is None
    assert choose(review, path).status == 303


@on_sqlite
def test_no_password_and_no_link_is_kept_in_the_clear(apps: dict[str, Flask]):
    review = apps["review"]
    invited(signed_in(review, "admin"))
    (path,) = links(review, "staff_invitation")
    token = path.rsplit("/", 1)[1]
    (key,) = rows(review, PasswordToken)
    assert len(token) > 40 and token not in key.id_hash


@on_sqlite
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            {"email": "not an address"},
            "Email: Enter a full email address, such as name@lakeside.example.",
        ),
        ({"name": " "}, "Enter a name."),
        ({"email": ""}, "Enter an email address."),
        ({"email": "Admin.Person@office.example"}, "already has an account"),
        ({"role": "king"}, "Choose a role."),
        ({"name": "x" * 200}, "Use at most 120 characters"),
        ({"email": "a@b.example\nBcc: c@d.example"}, "is"),
    ],
)
def test_an_invitation_that_cannot_be_is_answered_and_adds_nobody(
    apps: dict[str, Flask], typed: dict[str, str], said: str
):
    review = apps["review"]
    page = invited(signed_in(review, "admin"), **typed)
    assert page.status == 422 and said in page.text()
    assert count(review, Staff) == 1
    assert links(review, "staff_invitation") == []


@on_sqlite
def test_a_second_invitation_ends_the_first_link(apps: dict[str, Flask]):
    review = apps["review"]
    admin = signed_in(review, "admin")
    invited(admin)
    assert change(admin, member(review, "noor@office.example"), "invite").status == 303
    first, second = links(review, "staff_invitation")
    assert visit(review.test_client(), first).status == 404
    assert choose(review, second).status == 303


@on_sqlite
def test_an_old_link_opens_nothing(apps: dict[str, Flask]):
    review = apps["review"]
    invited(signed_in(review, "admin"))
    (path,) = links(review, "staff_invitation")
    with review.app_context(), db.begin() as session:
        session.execute(update(PasswordToken).values(expires_at=now()))
    page = visit(review.test_client(), path)
    assert page.status == 404 and "request a new link" in page.text()


def test_a_password_reset_mails_a_link_and_ends_other_sessions(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    signed_in(review, "triage")
    assert ask(review, email).status == 200
    (path,) = links(review, "password_reset")
    assert choose(review, path).status == 303
    assert count(review, StaffSession) == 0
    assert sign_in(review.test_client(), email).status == 422
    assert sign_in(review.test_client(), email, NEW).status == 303


@on_sqlite
def test_a_reset_request_answers_strangers_and_colleagues_alike(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    known, stranger = ask(review, email), ask(review, "nobody@office.example")
    assert known.html.replace(email, "") == stranger.html.replace("nobody@office.example", "")
    assert len(links(review, "password_reset")) == 1
    assert count(review, PasswordRequest) == 2


@on_sqlite
def test_a_disabled_account_gets_no_link_and_an_old_one_opens_nothing(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    ask(review, email)
    (path,) = links(review, "password_reset")
    assert change(signed_in(review, "admin"), member(review, email), "out").status == 303
    assert visit(review.test_client(), path).status == 404
    ask(review, email)
    assert len(links(review, "password_reset")) == 1


@on_sqlite
def test_password_links_to_one_mailbox_are_limited(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    answers = [ask(review, email).status for _ in range(6)]
    assert answers == [200] * password_tokens.LINKS_PER_ACCOUNT + [429] * 2
    assert len(links(review, "password_reset")) == password_tokens.LINKS_PER_ACCOUNT
    others = {ask(review, f"nobody{n}@lakeside.example").status for n in range(39)}
    assert others == {200}, "neighbors in one network do not shut each other out"
    assert ask(review, email).status == 429


@on_sqlite
@pytest.mark.parametrize("password", ["short", "a" * 16, "haddad office noor", "x" * 2000])
def test_a_poor_password_is_refused_and_the_link_still_works(apps: dict[str, Flask], password: str):
    review = apps["review"]
    invited(signed_in(review, "admin"))
    (path,) = links(review, "staff_invitation")
    assert choose(review, path, password).status == 422
    assert choose(review, path).status == 303


@on_sqlite
def test_an_administrator_changes_role_and_office_of_others_only(apps: dict[str, Flask]):
    review = apps["review"]
    admin = signed_in(review, "admin")
    clerk = member(review, hire(review, "triage"))
    signed_in(review, "triage")
    assert change(admin, clerk, "place", role="lead", office="regional").status == 303
    changed = member(review, clerk.email)
    assert (changed.role, changed.office) == ("lead", "regional")
    assert count(review, StaffSession, StaffSession.staff_id == clerk.id) == 0
    me = member(review, "admin.person@office.example")
    token = visit(admin, "/people").forms[0].named("csrf_token")[0].value
    for act in ("out", "place"):
        typed: dict[str, Any] = {"csrf_token": token, "role": "triage", "office": "every"}
        assert post(admin, f"/people/{me.id}/{act}", **typed).status == 409
    assert member(review, me.email).role == "admin"
    for nobody in ("x", "00000000-0000-0000-0000-000000000000"):
        assert post(admin, f"/people/{nobody}/out", csrf_token=token).status == 404


@on_sqlite
def test_the_page_says_what_became_of_an_invitation(apps: dict[str, Flask]):
    review = apps["review"]
    admin = signed_in(review, "admin")
    invited(admin)
    (key,) = rows(review, PasswordToken)
    about: dict[str, Any] = {"mail_id": key.mail_id, "proposal_id": None, "version": 2}
    about |= {"kind": "staff_invitation", "state": "failed", "reason": "5.1.1 nobody here"}
    take(review, an_event("mail.changed.v1", **about))
    page = visit(admin, "/people")
    assert "email failed" in page.text() and "5.1.1 nobody here" in page.text()
