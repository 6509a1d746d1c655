"""What the office types in a browser is there again after a closed tab and another sign-in."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.apps import on_sqlite
from tests.browser.windows import window
from tests.review.browser import check_page, serving, sign_in
from tests.review.office import change_staff, hire, received

pytestmark = [pytest.mark.browser, pytest.mark.slow, on_sqlite]

TEXT = "A message that took a while to write."


def test_a_closed_tab_and_another_sign_in_keep_a_message(chromium: Browser, apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    email = hire(review, "triage")
    with serving(review) as address, window(chromium) as page:
        sign_in(page, address, email)
        page.goto(f"{address}/cases/{case}")
        box = page.locator("#conversation textarea")
        box.fill(TEXT)
        saved = page.locator("#conversation [data-kept]")
        expect(saved).to_have_text("Saved as you type. Only you can see this draft.")
        with page.expect_response(lambda one: one.request.method == "POST"):
            box.press("End")
        page.context.clear_cookies()
        sign_in(page, address, email)
        page.goto(f"{address}/cases/{case}")
        assert page.locator("#conversation textarea").input_value() == TEXT
        assert "Not sent yet" in page.locator("#conversation").inner_text()
        check_page(page, scripts=True)
        page.locator("#conversation button", has_text="Discard").click()
        expect(page.locator("#conversation textarea")).to_have_value("")


def test_who_is_signed_out_in_another_tab_is_told_and_signs_in_beside_the_text(
    chromium: Browser, apps: dict[str, Flask]
):
    review = apps["review"]
    (case,) = received(review)
    email = hire(review, "triage")
    with serving(review) as address, window(chromium) as page:
        sign_in(page, address, email)
        page.goto(f"{address}/cases/{case}")
        other = page.context.new_page()
        other.goto(f"{address}/cases/{case}")
        other.get_by_role("button", name="Sign out").click()
        expect(other.locator("main")).to_contain_text("You are signed out.")
        page.locator("#conversation textarea").fill(TEXT)
        saved = page.locator("#conversation [data-kept]")
        expect(saved).to_have_text(
            "You’re signed out. Sign in in a new tab, and we’ll save this.", timeout=10_000
        )
        check_page(page, scripts=True)
        with page.context.expect_page() as opened:
            saved.get_by_role("link", name="Sign in in a new tab").click()
        sign_in(opened.value, address, email)
        expect(saved).to_contain_text("Saved at", timeout=20_000)
        opened.value.goto(f"{address}/cases/{case}")
        assert opened.value.locator("#conversation textarea").input_value() == TEXT


def test_a_role_that_may_not_write_anymore_is_not_called_signed_out(
    chromium: Browser, apps: dict[str, Flask]
):
    review = apps["review"]
    (case,) = received(review)
    email = hire(review, "triage")
    with serving(review) as address, window(chromium) as page:
        sign_in(page, address, email)
        page.goto(f"{address}/cases/{case}")
        change_staff(review, email, role="auditor")
        other = page.context.new_page()
        sign_in(other, address, email)
        page.locator("#conversation textarea").fill(TEXT)
        saved = page.locator("#conversation [data-kept]")
        expect(saved).to_have_text(
            "This page can’t save anymore. Copy your text before you leave it.", timeout=10_000
        )
