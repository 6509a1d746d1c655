"""Six digits for people who cannot open a link: where they work, how often, and for how long."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from services.intake import erasure
from services.intake.access import link_tokens
from services.intake.models import BrowserGrant, LinkToken, Person
from shared import db, logs
from shared.tables import now
from tests.factories import contents, count, rows, sample, send_proposal
from tests.intake import form_filling as typed
from tests.intake.browsing import HTML, Page, get, press
from tests.intake.mailed_links import HALF, RAY, link_in, mailed, request_link

HIS = "ada@harborhealth.example"


def try_code(client: FlaskClient, page: Page, code: str) -> Page:
    page.form.named("code")[0].value = code
    return press(client, page, ("go", "code"))


def codes(app: Flask) -> list[str]:
    """The mailed codes, in order."""
    return [mail["variables"]["code"] for mail in mailed(app, "sign_in_link")]


def wrong(*right: str) -> list[str]:
    """Codes that are none of these."""
    return [code for code in (f"{number:06}" for number in range(50)) if code not in right]


def test_the_code_opens_what_the_link_opens_in_the_browser_that_asked(apps: dict[str, Flask]):
    intake = apps["intake"]
    reference = send_proposal(intake)
    client = intake.test_client()
    page = request_link(client, RAY)
    (code,) = codes(intake)
    assert len(code) == 6 and code.isdecimal()
    opened = try_code(client, page, code)
    assert (opened.status, opened.path) == (200, f"/status/{reference}")
    (one,) = rows(intake, BrowserGrant)
    assert timedelta(hours=11) < one.expires_at - now() <= timedelta(hours=12)
    assert rows(intake, Person)[0].verified_at is not None


def test_a_code_for_a_draft_opens_the_draft_and_the_page_of_the_draft_needs_none(
    apps: dict[str, Flask],
):
    intake = apps["intake"]
    here, elsewhere = intake.test_client(), intake.test_client()
    page = typed.fill(here, typed.begin(here, "partner"), sample(HALF)["answers"])
    page = press(here, page, ("go", "later"))
    page.form.named("email")[0].value = HIS
    press(here, page, ("go", "mail"))
    (mail,) = mailed(intake, "draft_saved")
    assert "code" not in mail["variables"]
    page = request_link(elsewhere, HIS)
    assert try_code(elsewhere, page, codes(intake)[-1]).path == "/draft/you"


def test_the_code_works_only_in_the_browser_that_requested_it(
    apps: dict[str, Flask],
):
    intake = apps["intake"]
    send_proposal(intake)
    hers, his = intake.test_client(), intake.test_client()
    page = request_link(hers, RAY)
    (code,) = codes(intake)
    assert try_code(his, request_link(his, RAY), code).path == "/link/code"
    assert try_code(hers, page, code).status == 200
    assert count(intake, BrowserGrant) == 1


def test_a_code_belongs_to_what_was_typed_to_ask_for_it(apps: dict[str, Flask]):
    intake = apps["intake"]
    reference = send_proposal(intake)
    client = intake.test_client()
    request_link(client, RAY)
    (code,) = codes(intake)
    page = request_link(client, "nobody@example.com")
    assert try_code(client, page, code).path == "/link/code"
    page = request_link(client, f" {RAY.upper()} ")
    assert try_code(client, page, code).path == f"/status/{reference}"


def test_a_wrong_code_is_answered_alike_whether_the_address_is_known_or_not(
    apps: dict[str, Flask],
):
    intake = apps["intake"]
    send_proposal(intake)
    answers = []
    for known in (RAY, "nobody@example.com", "AA2A-A2AA", "aa2a a2ab"):
        client = intake.test_client()
        page = request_link(client, known)
        for code in wrong(*codes(intake))[:7]:
            refused = try_code(client, page, code)
            answers.append((refused.status, refused.text("h1"), refused.text("section")[:90]))
            assert refused.text("title").startswith("Error:")
            assert refused.form.named("code")[0].value == code
    assert len(set(answers)) == 1 and answers[0][0] == 200


def test_after_five_wrong_tries_only_the_link_and_a_new_code_work(
    apps: dict[str, Flask],
):
    intake = apps["intake"]
    reference = send_proposal(intake)
    client = intake.test_client()
    page = request_link(client, RAY)
    (code,) = codes(intake)
    for other in wrong(code)[:5]:
        assert try_code(client, page, other).path == "/link/code"
    assert try_code(client, page, code).path == "/link/code"
    again = request_link(client, RAY)
    assert try_code(client, again, codes(intake)[1]).path == f"/status/{reference}"
    (first, _) = mailed(intake, "sign_in_link")
    assert get(client, link_in(first)).status == 200


def test_the_code_of_an_earlier_mail_is_good_too_when_somebody_asked_twice(
    apps: dict[str, Flask],
):
    intake = apps["intake"]
    reference = send_proposal(intake)
    client = intake.test_client()
    request_link(client, RAY)
    page = request_link(client, RAY)
    assert try_code(client, page, codes(intake)[0]).path == f"/status/{reference}"


def test_many_tries_at_once_are_no_more_than_five(apps: dict[str, Flask]):
    intake = apps["intake"]
    send_proposal(intake)
    page = request_link(intake.test_client(), RAY)
    assert page.status == 200
    (code,) = codes(intake)
    with intake.app_context(), db.begin() as session:
        asked = link_tokens.LinkRequest.of("a key", RAY)
        token = link_in(mailed(intake, "sign_in_link")[0]).removeprefix("/go/")
        code = link_tokens.add_code(session, token=token, link_request=asked)
    others, found = wrong(code)[:12], []

    def guess(other: str) -> None:
        with intake.app_context(), db.begin() as session:
            found.append(link_tokens.find_by_code(session, link_request=asked, code=other))

    guesses = [threading.Thread(target=guess, args=(other,)) for other in others]
    for one in guesses:
        one.start()
    for one in guesses:
        one.join()
    assert found == [None] * 12
    assert max(row.tries for row in rows(intake, LinkToken)) == link_tokens.TRIES


@pytest.mark.parametrize("end", ["an hour later", "erased"])
def test_a_code_ends_with_its_link(apps: dict[str, Flask], end: str):
    intake = apps["intake"]
    send_proposal(intake)
    client = intake.test_client()
    page = request_link(client, RAY)
    (code,) = codes(intake)
    with intake.app_context(), db.begin() as session:
        if end == "erased":
            assert erasure.erase(session, address=RAY)
        else:
            session.execute(update(LinkToken).values(expires_at=now()))
    assert try_code(client, page, code).path == "/link/code"
    assert count(intake, BrowserGrant) == 0


@pytest.mark.parametrize(
    "written", ["{0}-{1}", " {0} {1} ", "{0}\u00a0{1}", "code: {0}{1}.", "full width"]
)
def test_digits_are_taken_however_they_are_written(apps: dict[str, Flask], written: str):
    intake = apps["intake"]
    send_proposal(intake)
    client = intake.test_client()
    page = request_link(client, RAY)
    (code,) = codes(intake)
    wide = code.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    given = wide if written == "full width" else written.format(code[:3], code[3:])
    assert try_code(client, page, given).status == 200


@pytest.mark.parametrize(
    "given",
    ["", "12345", "1234567", "abcdef", "\0" * 6, "½½½½½½", "²" * 5, "1" * 9000, "١٢٣", "💥"],
)
def test_an_impossible_code_is_refused_and_does_not_count_as_a_try(
    apps: dict[str, Flask], given: str
):
    intake = apps["intake"]
    send_proposal(intake)
    client = intake.test_client()
    page = request_link(client, RAY)
    refused = try_code(client, page, given)
    assert refused.path == "/link/code" and "six digits" in refused.text("section")
    assert max(row.tries for row in rows(intake, LinkToken)) == 0


def test_a_post_without_the_page_before_it_opens_nothing_and_is_no_try(apps: dict[str, Flask]):
    intake = apps["intake"]
    send_proposal(intake)
    client = intake.test_client()
    request_link(client, RAY)
    (code,) = codes(intake)
    posted: dict[str, Any] = {"known": RAY, "code": code, "go": "code"}
    assert client.post("/link/code", data=posted, headers=HTML).status_code == 400
    assert (count(intake, BrowserGrant), max(row.tries for row in rows(intake, LinkToken))) == (
        0,
        0,
    )


def test_wrong_codes_count_towards_the_hourly_limit(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.config["SENDS_PER_HOUR"] = "1"
    client = intake.test_client()
    page = request_link(client, RAY)
    answers = [try_code(client, page, code).status for code in wrong()[:11]]
    assert answers == [200] * 9 + [429] * 2


def test_a_code_is_only_in_the_mail(apps: dict[str, Flask], capsys: pytest.CaptureFixture[str]):
    intake = apps["intake"]
    intake.config["LOG_LEVEL"] = "DEBUG"
    logs.init_app(intake)
    send_proposal(intake)
    client = intake.test_client()
    page = request_link(client, RAY)
    (code,) = codes(intake)
    assert try_code(client, page, code).status == 200
    lines = capsys.readouterr().err
    assert f'"{code}"' not in lines and f"code={code}" not in lines
    stored = {name: str(table) for name, table in contents(intake).items() if name != "outbox"}
    assert [name for name, table in stored.items() if f"'{code}'" in table] == []
