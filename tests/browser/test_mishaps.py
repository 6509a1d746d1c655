"""Twice, back, in two tabs, too late, by a broken link: one proposal, and nothing is lost."""

import copy
import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from services.intake.models import Proposal
from tests.browser import filler
from tests.browser.filler import GO_ON, go_on, path
from tests.browser.suite import Suite
from tests.browser.windows import window
from tests.factories import count, sample

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CSRF = "main form [name=csrf_token]"


def an_idea() -> dict[str, Any]:
    """The small sample with its own title, by which its rows are counted."""
    body = copy.deepcopy(sample("partner-half-idea"))
    body["answers"]["working_title"] = f"An idea of {uuid.uuid4().hex}"
    return body


def ready(page: Page, suite: Suite, idea: dict[str, Any]) -> None:
    """The check page with all answers, ready to send."""
    filler.begin(page, suite.intake, idea)
    filler.core(page, idea["answers"])
    filler.check(page, idea["answers"])


def stored(suite: Suite, idea: dict[str, Any]) -> int:
    return count(suite.apps["intake"], Proposal, Proposal.title == idea["answers"]["working_title"])


def test_a_double_click_on_send_sends_once(chromium: Browser, embedded: Suite):
    idea = an_idea()
    with window(chromium) as page:
        ready(page, embedded, idea)
        page.locator(GO_ON).dblclick()
        page.wait_for_url("**/sent/*")
        filler.receipt(page)
    assert stored(embedded, idea) == 1


def test_going_back_and_sending_again_leads_to_the_same_receipt(chromium: Browser, embedded: Suite):
    idea = an_idea()
    with window(chromium) as page:
        ready(page, embedded, idea)
        go_on(page)
        reference = filler.receipt(page)
        page.go_back()
        if path(page) == "/draft/check":
            go_on(page)
        assert filler.receipt(page) == reference
    assert stored(embedded, idea) == 1


def test_going_back_in_the_form_shows_what_was_typed(chromium: Browser, embedded: Suite):
    idea = an_idea()
    with window(chromium) as page:
        filler.begin(page, embedded.intake, idea)
        filler.fill(page, idea["answers"])
        first = page.url
        typed = [
            (control["name"], control["value"], control["on"]) for control in filler.controls(page)
        ]
        go_on(page)
        assert page.url != first
        page.go_back()
        assert typed == [
            (control["name"], control["value"], control["on"]) for control in filler.controls(page)
        ]
        page.goto(first)
        assert typed == [
            (control["name"], control["value"], control["on"]) for control in filler.controls(page)
        ]


def test_two_tabs_that_send_make_one_proposal(chromium: Browser, embedded: Suite):
    idea = an_idea()
    with window(chromium) as page:
        ready(page, embedded, idea)
        other = page.context.new_page()
        other.goto(page.url)
        filler.fill(other, idea["answers"])
        go_on(page)
        go_on(other)
        assert filler.receipt(other) == filler.receipt(page)
    assert stored(embedded, idea) == 1


def test_a_tab_that_saves_after_another_has_sent_gets_an_explanation(
    chromium: Browser, embedded: Suite
):
    idea = an_idea()
    with window(chromium) as page:
        filler.begin(page, embedded.intake, idea)
        first = page.url
        filler.core(page, idea["answers"])
        other = page.context.new_page()
        other.goto(first)
        filler.check(page, idea["answers"])
        go_on(page)
        filler.receipt(page)
        go_on(other)
        assert other.locator("main a[href^='/sent/']").count() == 1
    assert stored(embedded, idea) == 1


def test_a_form_that_was_open_too_long_keeps_the_text_and_is_sent_by_the_next_press(
    chromium: Browser, embedded: Suite
):
    idea = an_idea()
    with window(chromium) as page:
        filler.begin(page, embedded.intake, idea)
        filler.fill(page, idea["answers"])
        typed = [control["value"] for control in filler.controls(page)]
        first = page.url
        page.locator(CSRF).evaluate("one => { one.value = 'of-yesterday' }")
        go_on(page)
        assert page.url == first
        assert page.title().startswith("Error:")
        assert [control["value"] for control in filler.controls(page)] == typed
        go_on(page)
        assert page.url != first


def test_sending_with_a_token_of_yesterday_stores_nothing_until_pressed_again(
    chromium: Browser, embedded: Suite
):
    idea = an_idea()
    with window(chromium) as page:
        ready(page, embedded, idea)
        page.locator(CSRF).evaluate("one => { one.value = 'of-yesterday' }")
        go_on(page)
        assert page.title().startswith("Error:")
        assert stored(embedded, idea) == 0
        go_on(page)
        filler.receipt(page)
    assert stored(embedded, idea) == 1


def test_a_browser_that_lost_its_cookie_shows_the_text_that_would_be_lost(
    chromium: Browser, embedded: Suite
):
    idea = an_idea()
    with window(chromium) as page:
        filler.begin(page, embedded.intake, idea)
        filler.fill(page, idea["answers"])
        page.context.clear_cookies()
        go_on(page)
        assert idea["answers"]["contact_name"] in page.locator("main").inner_text()
        assert page.locator("main a[href='/link']").count() == 1


def test_the_digits_of_the_mail_work_instead_of_the_link_without_scripts(
    chromium: Browser, embedded: Suite
):
    idea = an_idea()
    address = f"{uuid.uuid4().hex}@harborhealth.example"
    idea["answers"]["contact_email"] = address
    with window(chromium) as page:
        reference = filler.play(page, embedded.intake, idea, whole=False)
    with window(chromium, scripts=False) as page:
        page.goto(f"{embedded.intake}/status/{reference}")
        assert path(page) == "/link"
        page.locator("#known").fill(address)
        go_on(page)
        code = re.search(r"\b\d{6}\b", embedded.mail(reference, address, "Your link to")["text"])
        assert code
        page.locator("#code").fill("000000" if code[0] != "000000" else "111111")
        go_on(page)
        assert page.title().startswith("Error:")
        page.locator("#code").fill(f"{code[0][:3]} {code[0][3:]}")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/status/{reference}")
        assert idea["answers"]["working_title"] in page.locator("main").inner_text()
