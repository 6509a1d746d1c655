"""The gallery in a real browser: axe, small screens, no script, forced colors, other brands."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from shared.profile.schema.checks import contrast
from tests.browser import gallery, gallery_fields

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]

# Links within a sentence are excepted by WCAG 2.5.8; everything else that one aims at is not.
SMALL_TARGETS = """() => [...document.querySelectorAll(
    "a, button, input, select, textarea, summary")]
  .filter(each => each.checkVisibility({visibilityProperty: true}) && each.type !== "hidden")
  .filter(each => !each.closest(".visually-hidden, .skip-link"))
  .map(each => [each, (each.closest("label") || each).getBoundingClientRect()])
  .filter(([each, box]) => box.width && (box.width < 24 || box.height < 23.5))
  .filter(([each]) => !(each.matches("a") && [...each.parentNode.childNodes].some(
      other => other.nodeType === 3 && other.data.trim().length > 1)))
  .map(([each, box]) => `${each.outerHTML.slice(0, 80)} ${box.width} x ${box.height}`)"""


@contextmanager
def opened_page(
    browser: Browser, address: str, *, width: int = 1280, **context_options: Any
) -> Iterator[Page]:
    """The page in a window of its own; nothing may go wrong in its console."""
    context = browser.new_context(viewport={"width": width, "height": 800}, **context_options)
    page = context.new_page()
    console_lines: list[str] = []
    page.on(
        "console", lambda line: console_lines.append(line.text) if line.type == "error" else None
    )
    page.on("pageerror", lambda error: console_lines.append(str(error)))
    try:
        page.goto(address)
        assert console_lines == []
        yield page
    finally:
        context.close()


def violations(page: Page) -> list[str]:
    """What axe finds, a line for each place."""
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:120]} {node['failureSummary'][:300]}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("name", gallery.PAGES)
def test_axe_finds_nothing(chromium, site, name, width):
    with opened_page(chromium, f"{site}/{name}", width=width) as page:
        assert violations(page) == []


@pytest.mark.parametrize("name", gallery.PAGES)
def test_no_page_moves_sideways_at_any_width(chromium, site, name):
    with opened_page(chromium, f"{site}/{name}") as page:
        for width in (320, 375, 640, 1024, 1600):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("name", gallery.PAGES)
def test_every_target_is_24_pixels_large(chromium, site, name, width):
    with opened_page(chromium, f"{site}/{name}", width=width) as page:
        assert page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("brand", ["#767676", "#ae132a", "#000000"])
def test_a_brand_of_4_5_to_1_is_enough_for_every_part(chromium, tmp_path, brand):
    assert contrast(brand, "#ffffff") >= 4.5
    with gallery.served(tmp_path, brand=brand) as site:
        for name in ("wrong", "parts", "staff"):
            with opened_page(chromium, f"{site}/{name}") as page:
                assert violations(page) == [], (brand, name)


@pytest.mark.parametrize("script", [True, False])
def test_the_error_summary_has_the_focus_with_and_without_script(chromium, site, script):
    with opened_page(chromium, f"{site}/wrong", java_script_enabled=script) as page:
        focused = page.locator(":focus")
        assert focused.get_attribute("id") == "errors"
        page.locator("#errors a").first.click()
        assert page.locator(":focus").get_attribute("id") == "title"


@pytest.mark.parametrize("width", [375, 640])
def test_on_a_small_screen_the_steps_are_one_line_and_the_errors_begin_at_the_top(
    chromium, site, width
):
    with opened_page(chromium, f"{site}/wrong", width=width) as page:
        box = page.locator("#errors").bounding_box()
        assert box is not None and box["y"] < 300
        line = page.locator(".step-summary summary").bounding_box()
        assert line is not None and line["height"] < 40
        assert page.locator("ol.steps:visible").count() == 0
        page.locator(".step-summary summary").click()
        assert page.locator("ol.steps:visible li").count() == 6


def test_on_a_wide_screen_the_steps_are_beside_the_form(chromium, site):
    with opened_page(chromium, f"{site}/form") as page:
        assert page.locator("ol.steps:visible li").count() == 6
        assert page.locator(".step-summary summary:visible").count() == 0


def test_not_sure_is_thanked_without_script(chromium, site):
    with opened_page(chromium, f"{site}/form", java_script_enabled=False) as page:
        promise, thanks = gallery_fields.UNSURE.promise, gallery_fields.UNSURE.thanks
        assert page.get_by_text(promise).is_visible() and not page.get_by_text(thanks).is_visible()
        page.locator("#skills-not-sure").check()
        assert page.get_by_text(thanks).is_visible() and not page.get_by_text(promise).is_visible()


def test_enter_goes_on_and_removes_no_row(chromium, site):
    with opened_page(chromium, f"{site}/form", java_script_enabled=False) as page:
        with page.expect_request(lambda request: request.method == "POST") as sent:
            page.locator("#title").press("Enter")
        body = sent.value.post_data or ""
        assert "go=next" in body and "remove=" not in body


def test_a_counter_follows_what_is_typed(chromium, site):
    with opened_page(chromium, f"{site}/form") as page:
        page.locator("#title").fill("é" * 79)
        assert "79 of 80 characters" in page.locator("#title-c").inner_text()
        page.locator("#title").fill("🙂" * 1081)
        assert "1,081 of 80 characters, 1,001 too many" in page.locator("#title-c").inner_text()


@pytest.mark.parametrize("name", ["wrong", "staff", "parts"])
def test_in_forced_colors_every_part_can_be_told_apart(chromium, site, name):
    with opened_page(chromium, f"{site}/{name}", forced_colors="active") as page:
        unseen = page.evaluate("""() => [...document.querySelectorAll(
            ".pill, .option, .flag, .button:not(.bare, .visually-hidden), .avatar, " +
            "input:not([type=hidden]), textarea")]
          .filter(each => each.checkVisibility() && !each.matches("[type=radio], [type=checkbox]"))
          .filter(each => getComputedStyle(each).borderTopWidth === "0px")
          .map(each => each.outerHTML.slice(0, 80))""")
        assert unseen == []


def test_every_stop_of_the_tab_key_shows_where_it_is(chromium, site):
    with opened_page(chromium, f"{site}/form") as page:
        stops = []
        for _ in range(60):
            page.keyboard.press("Tab")
            stop = page.evaluate("""() => {
              const at = document.activeElement, look = getComputedStyle(at);
              return [at.tagName, at.outerHTML.slice(0, 80), look.outlineStyle]}""")
            if stop[0] == "BODY":
                break
            stops.append(stop)
        assert len(stops) > 15
        assert [stop for stop in stops if stop[2] == "none"] == []
        assert not [stop for stop in stops if 'tabindex="-1"' in stop[1]]
