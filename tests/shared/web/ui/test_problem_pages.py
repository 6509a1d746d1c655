"""A problem is a page for whoever reads pages, and a problem document for programs."""

import pytest

from shared import db
from tests import apps
from tests.browser import gallery
from tests.shared.web.ui import markup

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_a_browser_reads_a_page_with_the_same_words_and_the_request_id(client):
    told = client.get("/nowhere", headers={"Accept": "application/json"})
    page = client.get("/nowhere", headers=BROWSER)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert markup.faults(page.text) == []
    shown = markup.read(page.text)
    assert shown.find("h1")[0].text() == told.json["title"]
    assert told.json["detail"] in shown.find("main")[0].text()
    assert page.headers["X-Request-Id"] in shown.find("main")[0].text()
    assert shown.find("title")[0].text() == "Not found - Lakeside State University"


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", "application/problem+json"])
def test_a_program_reads_a_problem_document(client, accept):
    answer = client.get("/nowhere", headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert "Accept" in answer.headers["Vary"]


def test_the_api_never_answers_with_a_page(client):
    answer = client.post("/api/v1/proposals", headers=BROWSER, json={})
    assert answer.mimetype == "application/problem+json"


def test_a_page_keeps_the_headers_of_its_problem(client):
    answer = client.post("/gallery/form", headers=BROWSER)
    assert (answer.status_code, answer.mimetype) == (405, "text/html")
    assert "GET" in answer.headers["Allow"]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "Back button" in answer.text, "what was typed is with the browser"


def test_without_a_database_the_page_says_so_in_plain_colors(tmp_path):
    app = gallery.make(tmp_path)
    client = app.test_client()
    app.extensions["ui"].pop("profile", None)

    @app.get("/away")
    def away():
        with db.read() as session:
            session.connection()
        return "not reached"

    apps.close(app)
    for file in tmp_path.glob("*.db*"):
        file.unlink()
    (tmp_path / "intake.db").mkdir()
    page = client.get("/away", headers=BROWSER)
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert page.headers["Retry-After"]
    assert "Nothing was saved" in page.text and markup.faults(page.text) == []


def test_what_somebody_sent_runs_nothing_on_the_page(client):
    page = client.get("/<script>alert(1)</script>", headers=BROWSER)
    assert page.status_code == 404
    assert "<script>alert" not in page.text
