"""What an administrator does on the command line: people, and cases after an upgrade."""

from datetime import date

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import update

from services.review.models import Case, CaseFlag, Staff, StaffSession
from services.review.models.cases import NOT_DUE
from shared import db
from tests.apps import on_sqlite
from tests.factories import count, rows
from tests.review.office import received, sign_in, signed_in

ADD = ["add", "renee@office.example", "--name", "Renee Castellano", "--role", "triage"]


def run(app: Flask, *args: str, typed: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=["staff", *args], input=typed)


def test_somebody_is_added_with_the_password_that_was_typed_twice(apps: dict[str, Flask]):
    review = apps["review"]
    password = "the lake is deep"
    added = run(review, *ADD, typed=f"{password}\n{password}\n")
    assert added.exit_code == 0, added.output
    assert password not in added.output
    (member,) = rows(review, Staff)
    assert (member.name, member.role, member.office) == ("Renee Castellano", "triage", None)
    assert password not in (member.password_hash or "")
    assert sign_in(review.test_client(), "renee@office.example", password).status == 303


def test_a_generated_password_is_shown_once_and_stored_nowhere(apps: dict[str, Flask]):
    review = apps["review"]
    made = run(review, *ADD, "--generate")
    password = made.output.split("once: ")[1].splitlines()[0]
    (member,) = rows(review, Staff)
    assert member.must_change and password not in (member.password_hash or "")
    second = run(review, "password", "renee@office.example", "--generate")
    assert password not in second.output
    assert sign_in(review.test_client(), "renee@office.example", password).status == 422


@on_sqlite
@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["add", "no address", "--name", "X", "--role", "lead", "--generate"], "email address"),
        (["add", "a@b.example", "--name", " ", "--role", "lead", "--generate"], "Give a name"),
        (["add", "a@b.example", "--name", "X", "--role", "boss", "--generate"], "boss"),
        (["disable", "nobody@office.example"], "no account with this email"),
        (["role", "nobody@office.example", "lead"], "no account with this email"),
        (["password", "nobody@office.example", "--generate"], "no account with this email"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(apps: dict[str, Flask], args: list[str],
                                                 said: str):  # fmt: skip
    ran = run(apps["review"], *args)
    assert ran.exit_code != 0
    assert said in ran.output
    assert "Traceback" not in ran.output
    assert count(apps["review"], Staff) == 0


@on_sqlite
def test_nobody_is_added_twice_nor_with_a_weak_password(apps: dict[str, Flask]):
    review = apps["review"]
    assert run(review, *ADD, typed="short\nshort\n").exit_code == 1
    assert count(review, Staff) == 0
    assert run(review, *ADD, "--generate").exit_code == 0
    again = run(review, "add", "RENEE@office.example", *ADD[2:], "--generate")
    assert again.exit_code == 1 and "already has an account" in again.output
    assert count(review, Staff) == 1


def test_disabling_and_a_new_role_end_every_session(apps: dict[str, Flask]):
    review = apps["review"]
    signed_in(review, "triage")
    email = "triage.person@office.example"
    assert run(review, "role", email, "lead").exit_code == 0
    assert count(review, StaffSession) == 0
    assert sign_in(review.test_client(), email).status == 303
    assert run(review, "disable", email).exit_code == 0
    assert count(review, StaffSession) == 0
    assert sign_in(review.test_client(), email).status == 422
    assert run(review, "enable", email).exit_code == 0
    assert sign_in(review.test_client(), email).status == 303


def test_cases_of_an_earlier_release_get_due_day_flags_and_words(apps: dict[str, Flask]):
    review = apps["review"]
    received(review, 3)

    def kept() -> list[tuple[date, str]]:
        return sorted((case.due_on, case.search_text) for case in rows(review, Case))

    before = kept()
    flags = count(review, CaseFlag)
    with review.app_context(), db.begin() as session:
        session.query(CaseFlag).delete()
        session.execute(update(Case).values(search_text="", due_on=NOT_DUE))
    refreshed = review.test_cli_runner().invoke(args=["cases", "refresh"])
    assert "3 cases are up to date" in refreshed.output
    assert kept() == before
    assert count(review, CaseFlag) == flags > 0
