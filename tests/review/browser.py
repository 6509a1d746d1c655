"""Review served to a real browser, and a member of staff who signs in there."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from werkzeug.serving import make_server

from tests.browser.windows import follow
from tests.review.office import PASSWORD

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


SMALL = """() => [...document.querySelectorAll('a, button, summary, input, select, textarea')]
  .filter(one => { const box = one.getBoundingClientRect(); const inside = one.closest('p, li, dd');
    return box.width > 1 && box.height > 1 && box.height < 24 && !(one.matches('a') && inside)
      && !one.matches('[type=radio], [type=checkbox]') && !one.matches('th a') })
  .map(one => one.outerHTML.slice(0, 90))"""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The app on a free port of loopback."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def check_page(page: Any, *, scripts: bool) -> None:
    """What must be true of every page that somebody is shown."""
    if not scripts:
        return  # neither axe nor a question about sizes runs without them
    assert page.evaluate(SIDEWAYS) <= 0, f"{page.url} scrolls sideways"
    assert page.evaluate(SMALL) == [], page.url
    violations = Axe().run(page)
    assert violations.violations_count == 0, violations.generate_report()
    assert page.locator("h1").count() == 1


def sign_in(page: Any, address: str, email: str) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    follow(page.get_by_role("button", name="Sign in"))
