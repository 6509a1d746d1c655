"""Other ways to use the form: only the keyboard, small windows, large text, custom colors."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from services.intake.models import Proposal
from shared.profile import Profile
from shared.profile.answers.validation import load
from shared.references import parse
from tests import axe
from tests.apps import EXAMPLE
from tests.browser import filler
from tests.browser.filler import go_on, path
from tests.browser.suite import Suite
from tests.browser.windows import PHONE, window
from tests.factories import rows, sample
from tests.intake.form_filling import part

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PROFILE = Profile.of(EXAMPLE)
MOST_KEYS = 300  # a page
FOCUSED = """() => {
  const one = document.activeElement;
  const names = [...(one.form?.elements ?? [])].map((each) => each.name);
  const numbered = names.filter((name) => name.startsWith(one.value + "."));
  const around = (each) =>
    each && each !== document.body ? [each, ...around(each.parentElement)] : [];
  return {id: one.id, name: one.name ?? "", kind: one.type ?? "", value: one.value ?? "",
    on: !!one.checked, href: one.getAttribute("href") ?? "",
    last: one.matches("form .actions button.button:first-child"),
    seen: one === document.body || around(one).some((each) => {
      const style = getComputedStyle(each);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    }),
    rows: new Set(numbered.map((name) => name.split(".")[1])).size
      || names.filter((name) => name === one.value).length};
}"""


class Keys:
    """Uses the form by keyboard only and checks that the focus is visible at every step."""

    def __init__(self, page: Page, answers: dict[str, Any]):
        self.page, self.answers = page, answers

    def focused(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(FOCUSED)
        assert found["seen"], f"nobody sees where the focus is: {found}"
        return found

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def enter_link(self, part: str) -> None:
        """Tab to the link with this text in its address and open it."""
        for _ in range(MOST_KEYS):
            if part in self.focused()["href"]:
                with self.page.expect_navigation():
                    self.press("Enter")
                return
            self.press("Tab")
        raise AssertionError(f"no key leads to {part} on {self.page.url}")

    def page_done(self) -> None:
        """Answer every control up to the primary button and press it."""
        for _ in range(MOST_KEYS):
            here = self.focused()
            if here["last"]:
                with self.page.expect_navigation():
                    self.press("Enter")
                return
            if not self._answered(here):
                self.press("Tab")
        raise AssertionError(f"no key leads to the button of {self.page.url}")

    def _answered(self, here: dict[str, Any]) -> bool:
        """Answer this control; True if that reloaded the page."""
        key, *parts = here["name"].split(".")
        value = self.answers.get(key)
        if here["name"] == "add" and here["rows"] < len(self.answers.get(here["value"]) or []):
            with self.page.expect_navigation():
                self.press("Enter")
            return True
        if value == {"not_sure": True}:
            value = True if parts == ["not_sure"] else filler.NOT_SURE
        else:
            value = part(value, parts)
        if here["kind"] in ("radio", "select-one"):
            self._choose(here["kind"], value)
        elif here["kind"] == "checkbox":
            self._tick(here, value)
        elif here["kind"] in ("text", "email", "tel", "textarea") and not here["value"]:
            self._type(here["id"].removeprefix(f"{key}-"), value)
        return False

    def _choose(self, kind: str, value: Any) -> None:
        for _ in range(30 if value is not None else 0):
            if self.focused()["value"] == value:
                if kind == "radio":
                    self.press("Space")
                return
            self.press("ArrowDown")

    def _tick(self, here: dict[str, Any], value: Any) -> None:
        chosen = value if isinstance(value, list) else ["yes"] if value is True else []
        if (here["value"] in chosen) != here["on"]:
            self.press("Space")

    def _type(self, place: str, value: Any) -> None:
        if isinstance(value, list):
            number = int(place) - 1 if place.isdecimal() else 0
            value = value[number] if number < len(value) else ""
        if isinstance(value, (str, int)) and value not in (True, filler.NOT_SURE):
            self.page.keyboard.insert_text(str(value))


@pytest.mark.parametrize("name", ["partner-half-idea", "faculty-inclusive-leadership"])
def test_the_keyboard_alone_leads_from_start_to_receipt(
    chromium: Browser, embedded: Suite, name: str
):
    answers = sample(name)["answers"]
    with window(chromium) as page:
        page.goto(embedded.intake)
        keys = Keys(page, answers)
        keys.enter_link(f"as={answers['proposer_kind']}")
        for _ in range(filler.MOST_PAGES):
            if path(page) == "/draft/more":
                break
            keys.page_done()
        keys.enter_link("/check")
        keys.page_done()
        reference = filler.receipt(page)
    (row,) = rows(embedded.apps["intake"], Proposal, Proposal.reference == parse(reference))
    clean = load(PROFILE, {key: answers[key] for key in answers if key in row.answers})
    assert unordered(row.answers) == unordered(clean)


def unordered(value: Any) -> Any:
    """Checked boxes without order, because a browser posts them in the order of the page."""
    if isinstance(value, dict):
        return {key: unordered(one) for key, one in value.items()}
    return sorted(value, key=str) if isinstance(value, list) else value


SIZES = {
    "phone": {"size": PHONE},
    "zoom 200": {"size": {"width": 640, "height": 400}, "device_scale_factor": 2},
    "zoom 400": {"size": {"width": 320, "height": 256}, "device_scale_factor": 4},
    "forced colors": {"forced_colors": "active"},
}


@pytest.mark.parametrize("way", SIZES)
def test_no_page_of_the_form_moves_sideways(chromium: Browser, embedded: Suite, way: str):
    body = sample("partner-full-charging-stations")
    moved: dict[str, int] = {}
    with window(chromium, **SIZES[way]) as page:  # type: ignore[arg-type]
        page.on("load", lambda here: moved.update({here.url: axe.sideways(here)}))
        page.goto(f"{embedded.intake}/questions/partner")
        filler.play(page, embedded.intake, body)
        page.goto(f"{embedded.intake}/status")
    assert len(moved) > 10
    assert {url: by for url, by in moved.items() if by > 0} == {}


@pytest.mark.parametrize("width", [640, 375, 320])
def test_below_640_pixels_the_steps_are_one_line_and_errors_start_at_the_top(
    chromium: Browser, embedded: Suite, width: int
):
    body = sample("partner-half-idea")
    with window(chromium, size={"width": width, "height": 800}) as page:
        filler.begin(page, embedded.intake, body)
        for _ in range(2):
            assert page.locator(".steps:visible").count() == 0
            line = page.locator("main .step-summary .above-heading:visible")
            height = line.evaluate("one => parseFloat(getComputedStyle(one).lineHeight)")
            assert line.bounding_box()["height"] < 2 * height
            go_on(page)
            assert page.locator("#errors").bounding_box()["y"] < 300
            filler.fill(page, body["answers"])
            go_on(page)
