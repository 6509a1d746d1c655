"""All addresses of one IPv6 line are one network, at each limit of the public pages."""

from flask import Flask
from flask.testing import FlaskClient

from tests.factories import a_proposal, send
from tests.intake import form_filling as typed
from tests.intake.browsing import get, press
from tests.intake.mailed_links import request_link

LINE, NEIGHBORS = "2001:db8:1:2::", "2001:db8:1:3::"


def _from(app: Flask, line: str, number: int) -> FlaskClient:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = f"{line}{number:x}"
    return client


def test_proposals_from_one_line_are_limited(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.config["SENDS_PER_HOUR"] = "2"
    answers = [send(_from(intake, LINE, number), a_proposal()) for number in range(4)]
    assert [answer.status_code for answer in answers] == [201, 201, 429, 429]
    assert send(_from(intake, NEIGHBORS, 1), a_proposal()).status_code == 201


def test_drafts_begun_from_one_line_are_limited(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.config["DRAFTS_PER_HOUR"] = "2"
    pages = [typed.begin(_from(intake, LINE, number), "partner") for number in range(3)]
    assert [page.status for page in pages] == [200, 200, 429]


def test_links_tried_from_one_line_are_limited(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.config["SENDS_PER_HOUR"] = "1"
    tried = [get(_from(intake, LINE, number), f"/go/{number}") for number in range(11)]
    assert [page.status for page in tried] == [404] * 10 + [429]
    assert request_link(_from(intake, LINE, 99), "x@y.example").status == 429


def test_links_to_drafts_from_one_line_are_limited(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.config["LINKS_PER_HOUR"] = "2"
    answers = []
    for number in range(3):
        client = _from(intake, LINE, number)
        typed.begin(client, "partner")
        page = get(client, "/draft/saved")
        page.form.named("email")[0].value = f"victim{number}@elsewhere.example"
        answers.append(press(client, page, ("go", "mail")).status)
    assert answers == [200, 200, 429]
