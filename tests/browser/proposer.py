"""The proposer in the browser: opens the mailed link, waits for the letter."""

import re

from playwright.sync_api import Locator, Page

from tests.browser.filler import path
from tests.browser.suite import Suite
from tests.browser.windows import follow


def open_mailed_link(page: Page, suite: Suite, mail: dict[str, str], reference: str) -> None:
    """Open the link of the mail on another device: only the button opens the page."""
    link = re.search(rf"{suite.intake}/go/\S+", mail["text"])
    assert link, mail["text"]
    page.goto(link[0])
    assert reference in page.locator("main").inner_text()
    page.goto(f"{suite.intake}/status/{reference}")
    assert path(page) == "/link", "a look at the link has opened the proposal"
    page.goto(link[0])
    follow(page.locator("main form .button").first)
    assert path(page) == f"/status/{reference}"


def arrives(page: Page, what: Locator) -> str:
    """Wait for this text on the status page."""
    for _ in range(300):
        page.reload()
        if what.count():
            return what.first.inner_text()
        page.wait_for_timeout(200)
    raise TimeoutError(page.locator("main").inner_text())


def read_letter(page: Page) -> str:
    """Wait for the letter on the status page."""
    return arrives(page, page.locator("article.letter"))
