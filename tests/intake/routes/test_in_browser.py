"""An employer from the start page to the status page, in a real browser, wide and on a phone."""

import random
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import BaseWSGIServer, make_server

from services.intake.models import Proposal
from tests.apps import on_sqlite
from tests.browser.windows import follow
from tests.factories import rows, sample
from tests.intake.browser_filling import type_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
GO_ON = "form .actions .button >> nth=0"


@pytest.fixture
def site(apps: dict[str, Flask]) -> Iterator[str]:
    """The address of intake, served on loopback."""
    server = served(apps["intake"])
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def served(app: Flask) -> BaseWSGIServer:
    while True:
        try:
            return make_server("127.0.0.1", random.randint(20000, 29999), app, threaded=True)
        except (OSError, SystemExit):  # taken: another one
            continue


def fault(page: Page) -> list[str]:
    """The faults that axe finds, and whether the page scrolls sideways."""
    violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    moves = ["the page moves sideways"] if page.evaluate(wide) > 0 else []
    return moves + [
        f"{one['id']}: {node['html'][:200]}" for one in violations for node in one["nodes"]
    ]


@on_sqlite
@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (375, True), (375, False)])
def test_an_employer_gets_from_the_start_page_to_the_status_page(
    chromium: Browser, site: str, apps: dict[str, Flask], width: int, scripts: bool
):
    answers = sample("partner-sterile-processing")["answers"]
    viewport = {"width": width, "height": 800}
    context = chromium.new_context(viewport=viewport, java_script_enabled=scripts)  # type: ignore[arg-type]
    page = context.new_page()
    looking = Looking(page) if scripts else None  # axe is a script

    page.goto(site)
    seen(looking, "start")
    follow(page.locator(".door h2 a").first)
    seen(looking, "begin")
    follow(page.locator(GO_ON))
    nothing_typed(page, looking, focus=scripts)
    filled_in(page, looking, answers)
    follow(page.locator("main .button").first)
    seen(looking, "check")
    type_in(page, {key: answers[key] for key in ("consent_share", "consent_privacy")})
    follow(page.locator(GO_ON))
    assert "/sent/" in page.url
    seen(looking, "sent")
    page.goto(f"{site}/status")
    assert page.locator("h1").inner_text() == answers["working_title"]
    seen(looking, "status")

    (proposal,) = rows(apps["intake"], Proposal)
    assert proposal.answers["skills"] == answers["skills"]
    assert proposal.answers["needed_by"] == answers["needed_by"]
    assert looking is None or looking.faults == {}
    context.close()


class Looking:
    """Collects the faults of each page by its name."""

    def __init__(self, page: Page):
        self.page, self.faults = page, dict[str, list[str]]()

    def __call__(self, name: str) -> None:
        faults_found = fault(self.page)
        if faults_found:
            self.faults[name] = faults_found


def seen(look: Looking | None, name: str) -> None:
    if look is not None:
        look(name)


def nothing_typed(page: Page, look: Looking | None, *, focus: bool) -> None:
    """Save the first page empty: the summary is at the top and has the focus; the title says so."""
    follow(page.locator(GO_ON))
    seen(look, "wrong")
    box = page.locator("#errors").bounding_box()
    assert box is not None
    assert box["y"] < 300
    assert page.title().startswith("Error:")
    if focus:
        expect(page.locator("#errors")).to_be_focused()


def filled_in(page: Page, look: Looking | None, answers: dict[str, Any]) -> None:
    """Every page up to "you can send now", in eight loads at most."""
    for _ in range(8):
        if "/more" in page.url:
            break
        type_in(page, answers)
        follow(page.locator(GO_ON))
        seen(look, page.url)
    assert "/more" in page.url, page.locator("main").inner_text()
