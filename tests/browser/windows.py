"""Windows of the browser: wide, a phone, without JavaScript; none may run into a fault of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, ViewportSize

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 375, "height": 812}


@contextmanager
def window(
    browser: Browser, *, size: ViewportSize = WIDE, scripts: bool = True, **more: Any
) -> Iterator[Page]:
    """A window of a person of her own; at the end no script failed and the policy held."""
    context = browser.new_context(viewport=size, java_script_enabled=scripts, **more)
    context.set_default_timeout(30_000)  # a machine with other things to do
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
    """Click what leads to another page, or to this one anew, and wait until that is there."""
    with what.page.expect_navigation():
        what.click()
