"""What is typed in a browser is kept: two tabs, two devices, Back, a closed tab, no connection."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import filler
from tests.browser.filler import go_on, path
from tests.browser.suite import Suite
from tests.browser.typed_ideas import KEPT, NAME, an_idea, waits_for_name
from tests.browser.windows import PHONE, follow, window

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LEAST_WAIT = 15_000


@pytest.mark.parametrize("scripts", [True, False])
def test_two_tabs_with_the_same_page_keep_both_answers(
    chromium: Browser, embedded: Suite, scripts: bool
):
    with window(chromium, scripts=scripts) as page:
        filler.begin(page, embedded.intake, an_idea())
        other = page.context.new_page()
        other.goto(page.url)
        page.locator(NAME).fill("Typed in the first tab")
        go_on(page)
        other.locator(NAME).fill("Typed in the second tab")
        go_on(other)
        shown = other.locator("main").inner_text()
        assert "Typed in the first tab" in shown and "Typed in the second tab" in shown
        other.locator("label.option", has_text="second tab").click()
        go_on(other)
        assert other.locator(NAME).input_value() == "Typed in the second tab"


def test_two_devices_with_the_same_page_keep_both_answers(chromium: Browser, embedded: Suite):
    idea = an_idea()
    with window(chromium) as desk:
        filler.begin(desk, embedded.intake, idea)
        filler.fill(desk, idea["answers"])
        follow(desk.locator("main form [value=later]"))
        go_on(desk)
        mail = embedded.mail(idea["answers"]["contact_email"])
        link = re.search(rf"{embedded.intake}/go/\S+", mail["text"])
        assert link
        desk.go_back()
        desk.goto(f"{embedded.intake}/draft/you")
        with window(chromium, size=PHONE) as phone:
            phone.goto(link[0])
            follow(phone.locator("main form .button").first)
            phone.goto(f"{embedded.intake}/draft/you")
            phone.locator(NAME).fill("Typed on the phone")
            go_on(phone)
        desk.locator(NAME).fill("Typed at the desk")
        go_on(desk)
        shown = desk.locator("main").inner_text()
        assert "Typed on the phone" in shown and "Typed at the desk" in shown


def test_a_closed_tab_keeps_what_was_typed_and_the_page_says_so(chromium: Browser, embedded: Suite):
    with window(chromium) as page:
        filler.begin(page, embedded.intake, an_idea())
        expect(page.locator(KEPT)).to_have_text("We save your answers as you type.")
        page.locator(NAME).fill("Typed before the tab was closed")
        address = page.url
        other = page.context.new_page()
        page.close(run_before_unload=True)
        other.goto(address)
        waits_for_name(embedded, other, "Typed before the tab was closed")
        other.reload()
        assert other.locator(NAME).input_value() == "Typed before the tab was closed"


def test_a_page_without_scripts_does_not_say_that_it_saves(chromium: Browser, embedded: Suite):
    with window(chromium, scripts=False) as page:
        filler.begin(page, embedded.intake, an_idea())
        assert not page.locator(KEPT).is_visible()


def test_answers_are_saved_while_people_type_and_again_once_the_connection_is_back(
    chromium: Browser, embedded: Suite
):
    with window(chromium) as page:
        filler.begin(page, embedded.intake, an_idea())
        page.locator(NAME).fill("Ana")
        waits_for_name(embedded, page, "Ana")
        page.context.set_offline(True)
        page.locator(NAME).fill("Ana Ruiz")
        expect(page.locator(KEPT)).to_contain_text("can’t save right now", timeout=LEAST_WAIT)
        page.context.set_offline(False)
        expect(page.locator(KEPT)).to_contain_text("Saved at", timeout=2 * LEAST_WAIT)
        waits_for_name(embedded, page, "Ana Ruiz")
        page.locator(NAME).fill("Ana Ruiz Soto")
        follow(page.locator("main form [value=later]"))
        assert path(page) == "/draft/saved"
        page.goto(f"{embedded.intake}/draft/you")
        assert page.locator(NAME).input_value() == "Ana Ruiz Soto"


def test_a_page_that_is_typed_in_says_that_another_tab_was_faster(
    chromium: Browser, embedded: Suite
):
    with window(chromium) as page:
        filler.begin(page, embedded.intake, an_idea())
        other = page.context.new_page()
        other.goto(page.url)
        other.locator(NAME).fill("Typed in the other tab")
        waits_for_name(embedded, other, "Typed in the other tab")
        page.locator(NAME).fill("Typed here")
        expect(page.locator(KEPT)).to_contain_text("Save to compare", timeout=LEAST_WAIT)
        go_on(page)
        assert "Typed in the other tab" in page.locator("main").inner_text()


@pytest.mark.parametrize("scripts", [True, False])
def test_back_after_an_error_and_after_another_line_never_asks_to_send_again(
    chromium: Browser, embedded: Suite, scripts: bool
):
    idea = an_idea()
    with window(chromium, scripts=scripts) as page:
        filler.begin(page, embedded.intake, idea)
        first = page.url
        go_on(page)
        assert page.title().startswith("Error:")
        filler.fill(page, idea["answers"])
        go_on(page)
        follow(page.locator("button[name=add][value=skills]"))
        methods: list[str] = []
        page.context.on("request", lambda one: methods.append(one.method))
        for _ in range(4):
            page.go_back()
        assert path(page) in ("/draft/you", "/start")
        page.goto(first)
        page.reload()
        assert page.locator(NAME).input_value() == idea["answers"]["contact_name"]
        assert {method for method in methods if method != "POST"} == {"GET"}
        assert "POST" not in methods or scripts  # only the script saves by itself


def test_the_back_button_of_the_page_and_the_language_keep_what_was_typed_without_scripts(
    chromium: Browser, embedded: Suite
):
    idea = an_idea()
    with window(chromium, scripts=False) as page:
        filler.begin(page, embedded.intake, idea)
        filler.fill(page, idea["answers"])
        go_on(page)
        page.locator("#working_title").fill("Typed before leaving")
        follow(page.locator("header button[lang=es]"))
        assert page.locator("html").get_attribute("lang") == "es"
        assert page.locator("#working_title").input_value() == "Typed before leaving"
        page.locator("#working_title").fill("Escrito antes de salir")
        follow(page.locator("main form [value=back]"))
        assert path(page) == "/draft/you"
        go_on(page)
        assert page.locator("#working_title").input_value() == "Escrito antes de salir"


def test_enter_in_a_field_saves_the_page_and_presses_no_button_of_the_frame(
    chromium: Browser, embedded: Suite
):
    idea = an_idea()
    with window(chromium) as page:
        filler.begin(page, embedded.intake, idea)
        filler.fill(page, idea["answers"])
        with page.expect_navigation():
            page.locator(NAME).press("Enter")
        assert path(page) == "/draft/idea"


def test_a_browser_that_lost_its_cookie_is_told_that_the_page_cannot_save(
    chromium: Browser, embedded: Suite
):
    with window(chromium) as page:
        filler.begin(page, embedded.intake, an_idea())
        page.context.clear_cookies()
        page.locator(NAME).fill("Ana Ruiz")
        expect(page.locator(KEPT)).to_have_text(
            "This page can’t save anymore. Copy your text before you leave it.", timeout=LEAST_WAIT
        )
        assert page.locator(f"{KEPT} a").count() == 0
