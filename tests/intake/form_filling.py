"""A sample typed into the pages, control by control, as a person would."""

import re
from typing import Any

from flask.testing import FlaskClient

from tests.intake.browsing import Control, Page, get, press, without_draft

UNSURE = "~not_sure"
CHECK = "/draft/check"


def begin(client: FlaskClient, kind: str, *, language: str = "en") -> Page:
    """Go through the door of this branch to the first page of the form."""
    page = get(client, f"/start?lang={language}")
    for control in page.form.named("proposer_kind"):
        control.on = control.value == kind
    return press(client, page)


def fill(client: FlaskClient, page: Page, answers: dict[str, Any]) -> Page:
    """Type the answers into this page; add missing rows."""
    page = with_rows(client, page, answers)
    lines: dict[str, list[str]] = {}
    for control in page.form.controls:
        if control.kind == "hidden" or control.name.startswith("website"):
            continue
        key, *parts = control.name.split(".")
        value = answers.get(key)
        if value == {"not_sure": True}:
            _not_sure(control)
        elif control.kind == "textarea" and isinstance(value, list):
            left = lines.setdefault(key, [str(item) for item in value])
            control.value = left.pop(0) if left else ""
        else:
            _type(control, part(value, parts))
    return page


def with_rows(client: FlaskClient, page: Page, answers: dict[str, Any]) -> Page:
    """Press "add" until each list on the page has a row for each answer."""
    for key, value in answers.items():
        if not isinstance(value, list):
            continue
        while ("add", key) in page.form.buttons and _rows(page, key) < len(value):
            page = press(client, page, ("add", key))
            assert page.status == 200
    return page


def play(client: FlaskClient, sample: dict[str, Any]) -> Page:
    """The whole sample, page by page, up to the receipt."""
    answers = sample["answers"]
    page = core(client, sample)
    for topic in [link for link in page.links if _is_topic(link)]:
        page = press(client, fill(client, get(client, topic), answers))
        assert page.status == 200, page.text("section")
    return send(client, ready(client, sample))


def core(client: FlaskClient, sample: dict[str, Any]) -> Page:
    """The pages up to "you can send now or add more details"."""
    answers = sample["answers"]
    page = begin(client, answers["proposer_kind"], language=sample["language"])
    while page.path.startswith("/draft/") and page.path != "/draft/more":
        page = press(client, fill(client, page, answers))
        assert page.status == 200, page.text("section")
    return page


def ready(client: FlaskClient, sample: dict[str, Any]) -> Page:
    """The last page, filled in."""
    return fill(client, get(client, CHECK), sample["answers"])


def send(client: FlaskClient, page: Page, **options: Any) -> Page:
    """Press its button."""
    return press(client, page, ("go", "send"), **options)


def _is_topic(link: str) -> bool:
    fixed = ("/draft/check", "/draft/saved", "/draft/more", "/draft/")
    page = without_draft(link)
    return page.startswith("/draft/") and "?" not in page and page not in fixed


def _rows(page: Page, key: str) -> int:
    return rows_of(key, [control.name for control in page.form.controls])


def rows_of(key: str, names: list[str]) -> int:
    """How many lines of this question a page with controls of these names shows."""
    numbered = {found[1] for name in names if (found := re.match(rf"{key}\.(\d+)\.", name))}
    return len(numbered) or names.count(key)


def part(value: Any, parts: list[str]) -> Any:
    """The value that a control with these steps in its name stands for."""
    for step in parts:
        if step == "not_sure":
            return None
        if isinstance(value, list):
            place = int(step) - 1
            value = value[place] if place < len(value) else None
        elif isinstance(value, dict):
            value = value.get(step)
        elif step != "from":  # one number stands in the first field of a range
            value = None
    return value


def _not_sure(control: Control) -> None:
    if control.ticked:
        asks = control.name.endswith(".not_sure") or control.value == UNSURE
        control.on = asks


def _type(control: Control, value: Any) -> None:
    if control.ticked:
        chosen = value if isinstance(value, list) else [value]
        ticked = "yes" if value is True else None
        control.on = control.value in chosen or control.value == ticked
    elif control.kind == "select":
        assert value is None or value in control.options, (control.name, value)
        control.value = value or ""
    else:
        control.value = "" if value is None else str(value)
