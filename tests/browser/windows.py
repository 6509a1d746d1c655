"""Browser windows: desktop, phone, without JavaScript; none may see an error of the suite."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, ViewportSize

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 375, "height": 812}


@contextmanager
def window(
    browser: Browser, *, size: ViewportSize = WIDE, scripts: bool = True, **context_options: Any
) -> Iterator[Page]:
    """A window without shared cookies; at its end no script has failed or broken the CSP."""
    context = browser.new_context(viewport=size, java_script_enabled=scripts, **context_options)
    context.set_default_timeout(30_000)  # for busy machines
    page = context.new_page()
    wrong: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            wrong.append(message.text)

    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("console", said)
    context.on("response", lambda one: wrong.append(one.url) if one.status >= 500 else None)
    try:
        yield page
    finally:
        context.close()
    assert wrong == []


def follow(what: Locator) -> None:
    """Click something that loads a page and wait for that page."""
    with what.page.expect_navigation():
        what.click()
