"""The camera: takes pictures of a page on a desktop and a phone and collects faults."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.screens_faults import complaint, faults

SIZES = {"": {"width": 1280, "height": 800}, "-375": {"width": 375, "height": 812}}


class Camera:
    """Takes pictures of a window into one folder."""

    def __init__(self, browser: Browser, folder: Path):
        self.browser, self.folder = browser, folder
        self.taken: list[str] = []
        self.found: dict[str, list[str]] = {}
        self.said: list[str] = []

    @contextmanager
    def window(self, *, script: bool = True, **context_options: Any) -> Iterator[Page]:
        """A new browser window without cookies."""
        context = self.browser.new_context(
            viewport=SIZES[""],  # type: ignore[arg-type]
            java_script_enabled=script,
            **context_options,
        )
        page = context.new_page()
        page.on("console", lambda line: self._heard(complaint(line)))
        page.on("pageerror", lambda error: self._heard(str(error)))
        try:
            yield page
        finally:
            context.close()

    def shoot(self, page: Page, name: str) -> None:
        """Take the whole page on a desktop and a phone and record its faults."""
        page.wait_for_load_state()
        self._blame(name, [f"console: {line}" for line in self.said])
        self.said.clear()
        for suffix, size in SIZES.items():
            page.set_viewport_size(size)  # type: ignore[arg-type]
            self._blame(name + suffix, faults(page))
            page.screenshot(path=self.folder / f"{name}{suffix}.png", full_page=True)
            self.taken.append(name + suffix)
        page.set_viewport_size(SIZES[""])  # type: ignore[arg-type]

    def fold(self, page: Page, name: str, found: list[str]) -> None:
        """Take the window before any scrolling and record what is missing there."""
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=self.folder / f"{name}-fold.png")
        self.keep(f"{name}-fold", found)

    def keep(self, name: str, found: list[str]) -> None:
        """Count a picture of this name and record its faults."""
        self.taken.append(name)
        self._blame(name, found)

    def _heard(self, line: str) -> None:
        if line:
            self.said.append(line)

    def _blame(self, name: str, lines: list[str]) -> None:
        if lines:
            self.found.setdefault(name, []).extend(lines)
