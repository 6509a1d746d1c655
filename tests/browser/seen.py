"""Collects the faults of visited pages, by page and state."""

from playwright.sync_api import Page

from tests import axe
from tests.browser.filler import path


class PageCheck:
    """Checks the current page each time it is called."""

    def __init__(self, page: Page):
        self.page, self.names, self.faults = page, list[str](), dict[str, list[str]]()

    def __call__(self, state: str, *, fresh: bool = True) -> None:
        name = f"{path(self.page)} {state}"
        self.names.append(name)
        violations = axe.faults(self.page, fresh=fresh)
        if "{{" in self.page.locator("body").inner_text():
            violations.append("a placeholder is left open")
        if violations:
            self.faults[name] = violations

    def visit(self, address: str, state: str = "") -> None:
        self.page.goto(address)
        self(state)
