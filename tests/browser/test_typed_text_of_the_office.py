"""What the office types in a browser is there again after a closed tab and another sign-in."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.apps import on_sqlite
from tests.browser.windows import window
from tests.review.browser import check_page, serving, sign_in
from tests.review.office import hire, received

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
