"""A sample typed into the pages in a real browser, control by control."""

import json
from typing import Any

from playwright.sync_api import Locator, Page, expect


def type_in(page: Page, answers: dict[str, Any]) -> None:
    """Type the answers into the controls of this page."""
    for key, value in answers.items():
        box = page.locator(f"[name='{key}.not_sure'], [name='{key}'][value='~not_sure']")
        if value == {"not_sure": True}:
            _tick(box)
        elif isinstance(value, dict):
            type_in(page, {f"{key}.{part}": one for part, one in value.items()})
        elif isinstance(value, list) and page.locator(f"textarea[name='{key}']").count():
            _lines(page, key, value)
        elif isinstance(value, list):
            for item in value:
                _tick(page.locator(f"[name='{key}'][value={json.dumps(item)}]"))
        else:
            _fill_control(page, key, value)


def _fill_control(page: Page, key: str, value: Any) -> None:
    wanted = json.dumps("yes" if value is True else str(value))
    choice = page.locator(f"[name='{key}'][value={wanted}]")
    _tick(choice)
    field = page.locator(f"input[type=text][name='{key}'], input[type=email][name='{key}'],"
                         f" textarea[name='{key}'], [name='{key}.from']")  # fmt: skip
    if field.count() and not isinstance(value, bool):
        field.fill(str(value))


def _tick(box: Locator) -> None:
    if box.count() and box.get_attribute("type") in ("radio", "checkbox"):
        box.check()


def _lines(page: Page, key: str, lines: list[str]) -> None:
    for number, line in enumerate(lines, start=1):
        if not page.locator(f"[id='{key}-{number}']").count():
            page.locator(f"[id='{key}-add']").click()
            expect(page.locator(f"[id='{key}-{number}']")).to_be_focused()
        page.locator(f"[id='{key}-{number}']").fill(line)
