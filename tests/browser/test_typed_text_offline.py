"""A save that cannot reach the server leaves the page and its text alone, and says so."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.apps import on_sqlite
from tests.browser import filler
from tests.browser.filler import go_on, path
from tests.browser.suite import Suite
from tests.browser.typed_ideas import KEPT, NAME, an_idea, waits_for_name
from tests.browser.windows import PHONE, follow, window
from tests.review.browser import serving, sign_in
from tests.review.office import hire, received

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HELD = "[data-held]"
OFFLINE = "You’re offline. Your text is still on this page. Select the button again when you’re"


def in_view(page: Page, what: str) -> bool:
    """Whether this is within the window now."""
    box = page.locator(what).bounding_box()
    height = page.evaluate("innerHeight")
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= height


@pytest.mark.parametrize(
    "button", ["main form .actions .button >> nth=0", "header button[lang=es]"]
)
def test_save_while_offline_keeps_the_page_and_says_so_until_the_network_is_back(
    chromium: Browser, embedded: Suite, button: str
):
    idea = an_idea()
    with window(chromium, size=PHONE) as page:
        filler.begin(page, embedded.intake, idea)
        filler.fill(page, idea["answers"])
        page.context.set_offline(True)
        page.locator(NAME).fill("Typed without a network")
        page.locator(button).click()
        expect(page.locator(HELD)).to_contain_text(OFFLINE)
        assert page.locator(HELD).get_attribute("role") == "alert"
        page.wait_for_timeout(500)
        assert in_view(page, HELD)
        assert page.locator(NAME).input_value() == "Typed without a network"
        page.context.set_offline(False)
        expect(page.locator(HELD)).to_be_empty()
        follow(page.locator(button))
        page.goto(f"{embedded.intake}/draft/you")
        assert page.locator(NAME).input_value() == "Typed without a network"


def test_save_after_a_lost_save_tries_the_server_first(chromium: Browser, embedded: Suite):
    idea = an_idea()
    with window(chromium) as page:
        filler.begin(page, embedded.intake, idea)
        filler.fill(page, idea["answers"])
        page.context.route("**/draft/**", lambda route: route.abort())
        page.locator(NAME).fill("Typed while the server was away")
        expect(page.locator(KEPT)).to_contain_text("can’t save right now", timeout=15_000)
        page.locator("main form .actions .button").first.click()
        expect(page.locator(HELD)).to_contain_text("We can’t reach our server right now.")
        page.context.unroute("**/draft/**")
        go_on(page)
        assert path(page) == "/draft/idea"


def test_save_is_one_press_where_the_server_is_back_before_the_script_has_noticed(
    chromium: Browser, embedded: Suite
):
    idea = an_idea()
    with window(chromium) as page:
        filler.begin(page, embedded.intake, idea)
        filler.fill(page, idea["answers"])
        page.context.route("**/draft/**", lambda route: route.abort())
        page.locator(NAME).fill("Typed before the server was back")
        expect(page.locator(KEPT)).to_contain_text("can’t save right now", timeout=15_000)
        page.context.unroute("**/draft/**")
        with page.expect_navigation(url="**/idea"):
            page.locator("main form .actions .button").first.click()


def test_a_page_that_timed_out_is_saved_before_anything_more_is_typed(
    chromium: Browser, embedded: Suite
):
    with window(chromium) as page:
        filler.begin(page, embedded.intake, an_idea())
        page.evaluate("document.querySelector('#answers [name=csrf_token]').value = 'old'")
        page.locator(NAME).fill("Typed before the page timed out")
        follow(page.locator("main form .actions .button").first)
        assert "This page timed out" in page.locator("#errors").inner_text()
        other = page.context.new_page()
        other.goto(page.url)
        waits_for_name(embedded, other, "Typed before the page timed out")


@on_sqlite
def test_a_message_of_the_office_that_timed_out_is_saved_at_once(
    chromium: Browser, apps: dict[str, Flask]
):
    review = apps["review"]
    (case,) = received(review)
    email = hire(review, "triage")
    with serving(review) as address, window(chromium) as page:
        sign_in(page, address, email)
        page.goto(f"{address}/cases/{case}")
        form = "#conversation form"
        page.evaluate(f"document.querySelector('{form} [name=csrf_token]').value = 'old'")
        page.locator("#conversation textarea").fill("A message in an old window")
        follow(page.locator(f"{form} .button").first)
        assert "This page timed out" in page.locator("#errors").inner_text()
        expect(page.locator("#conversation [data-kept]")).to_contain_text("Saved at")
        page.goto(f"{address}/cases/{case}")
        expect(page.locator("#conversation textarea")).to_have_value("A message in an old window")


def test_the_line_says_when_the_last_save_was_and_moves_nothing(chromium: Browser, embedded: Suite):
    with window(chromium, size=PHONE) as page:
        filler.begin(page, embedded.intake, an_idea())
        before = page.locator("footer").bounding_box()
        page.locator(NAME).fill("Ana Ruiz")
        expect(page.locator(KEPT)).to_contain_text("Saved at", timeout=15_000)
        assert page.locator(KEPT).get_attribute("role") is None, "no announcement at every save"
        assert page.locator("footer").bounding_box() == before
