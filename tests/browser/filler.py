"""Fills in the form: reads the controls of a page and types the answers of a sample."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.browser.windows import follow
from tests.intake import form_filling as typed
from tests.intake.browsing import without_draft

NOT_SURE = "~not_sure"
MOST_PAGES = 12  # of the core
GO_ON = "main form .actions button.button >> nth=0"
CONTROLS = """found => found.map(one => (
    {id: one.id, name: one.name, kind: one.type, value: one.value, on: !!one.checked}))"""


def controls(page: Page) -> list[dict[str, Any]]:
    """Each visible control: id, name, kind (its HTML type), value, on."""
    shown = "main form :is(input, select, textarea):not([type=hidden], [tabindex='-1'])"
    found: list[dict[str, Any]] = page.locator(shown).evaluate_all(CONTROLS)
    return found


def fill(page: Page, answers: dict[str, Any]) -> None:
    """Type the answers for this page; add rows where there are too few."""
    _add_rows(page, answers)
    lines: dict[str, list[str]] = {}
    for control in controls(page):
        key, *parts = control["name"].split(".")
        value = answers.get(key)
        if control["kind"] == "textarea" and isinstance(value, list) and not parts:
            left = lines.setdefault(key, [str(item) for item in value])
            value = left.pop(0) if left else None
        elif value == {"not_sure": True}:
            value = True if parts == ["not_sure"] else NOT_SURE
        else:
            value = typed.part(value, parts)
        _answer(page, control, value)


def begin(page: Page, address: str, sample: dict[str, Any]) -> None:
    """Go from the start page to the first page of the form for this branch."""
    page.goto(address)
    if sample["language"] != "en":
        follow(page.locator(f"header a[hreflang={sample['language']}]"))
    kind = sample["answers"]["proposer_kind"]
    follow(page.locator(f"main a[href*='{kind}']").first)
    choice = page.locator(f"[name=proposer_kind][value={kind}]")
    if choice.get_attribute("type") == "radio":  # a door for several groups
        choice.check()
    go_on(page)


def core(page: Page, answers: dict[str, Any]) -> None:
    """Fill in every page up to "you can send now, or add what you know"."""
    for _ in range(MOST_PAGES):
        if path(page) == "/draft/more":
            return
        fill(page, answers)
        go_on(page)
    raise AssertionError(f"the core has no end: {page.url}\n{page.locator('main').inner_text()}")


def topics(page: Page, answers: dict[str, Any]) -> None:
    """Fill in every optional page, each opened from the page that offers it."""
    offered = "main section a[href^='/draft/']"
    for address in page.locator(offered).evaluate_all("all => all.map(a => a.pathname)"):
        follow(page.locator(f"main section a[href='{address}']"))
        fill(page, answers)
        go_on(page)
        assert path(page) == "/draft/more", page.locator("main").inner_text()


def check(page: Page, answers: dict[str, Any]) -> None:
    """Go to the check page and answer its questions."""
    follow(page.locator("main a.button").first)
    assert path(page) == "/draft/check"
    fill(page, answers)


def play(page: Page, address: str, sample: dict[str, Any], *, whole: bool = True) -> str:
    """Go from the start page to the receipt; returns the reference.

    `whole` also fills in the optional pages.
    """
    answers = sample["answers"]
    begin(page, address, sample)
    core(page, answers)
    if whole:
        topics(page, answers)
    check(page, answers)
    go_on(page)
    return receipt(page)


def receipt(page: Page) -> str:
    """The reference on the receipt page."""
    assert path(page) == "/sent", page.locator("main").inner_text()
    return page.locator(".card .big").inner_text()


def go_on(page: Page) -> None:
    """Press the primary button of the form."""
    follow(page.locator(GO_ON))


def path(page: Page) -> str:
    """Which page it is: its path without the reference of a draft."""
    return without_draft(urlsplit(page.url).path)


def _add_rows(page: Page, answers: dict[str, Any]) -> None:
    for key, value in answers.items():
        add = page.locator(f"button[name=add][value='{key}']")
        for _ in range(len(value) if isinstance(value, list) and add.count() else 0):
            if _rows(page, key) < len(value):
                follow(add)


def _rows(page: Page, key: str) -> int:
    return typed.rows_of(key, [control["name"] for control in controls(page)])


def _answer(page: Page, control: dict[str, Any], value: Any) -> None:
    """Change the control if it has another value."""
    box = page.locator(f"[id='{control['id']}']")
    if control["kind"] in ("radio", "checkbox"):
        chosen = value if isinstance(value, list) else ["yes"] if value is True else [value]
        wanted = control["value"] in chosen
        if wanted != control["on"] and (wanted or control["kind"] == "checkbox"):
            box.set_checked(wanted)
        return
    text = "" if value in (None, NOT_SURE) else str(value)
    if text == control["value"]:
        return
    if control["kind"] == "select-one":
        box.select_option(text)
    else:
        box.fill(text)
