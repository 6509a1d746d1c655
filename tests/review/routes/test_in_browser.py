"""The coordinator and the director in a real browser: from sign-in to the released letter."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.apps import on_sqlite
from tests.browser.windows import follow, window
from tests.factories import send_proposal
from tests.fakes import carry
from tests.review.browser import check_page, serving, sign_in
from tests.review.office import case_of, hire

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def draft(page: Any, *, scripts: bool) -> None:
    """Take the case and write its letter, with one mistake on the way."""
    follow(page.get_by_role("link", name="Reading shop drawings"))
    check_page(page, scripts=scripts)
    follow(page.get_by_role("button", name="Assign to me"))
    follow(page.get_by_role("link", name="Draft decision"))
    follow(page.get_by_role("button", name="Create letter"))
    assert page.title().startswith("Error:")
    if scripts:
        expect(page.locator("#errors")).to_be_focused()
    check_page(page, scripts=scripts)
    page.get_by_label("Accept").check()
    page.get_by_label("Anything to add").fill("Bring the drawings that you use.")
    follow(page.get_by_role("button", name="Create letter"))
    check_page(page, scripts=scripts)
    assert "Bring the drawings" in page.locator("article").inner_text()


def release(page: Any, *, scripts: bool) -> None:
    """Read the letter and send it."""
    follow(page.get_by_role("link", name="Reading shop drawings"))
    follow(page.get_by_role("link", name="Review and send letter"))
    check_page(page, scripts=scripts)
    follow(page.get_by_role("button", name="Send letter"))
    assert "Letter sent" in page.locator("main").inner_text()
    check_page(page, scripts=scripts)


@on_sqlite
@pytest.mark.parametrize(
    ("width", "scripts"),
    [(1280, True), (375, True), (1280, False)],
    ids=["desk", "phone", "no JavaScript"],
)
def test_the_office_decides_from_sign_in_to_release(
    chromium: Browser, apps: dict[str, Flask], width: int, scripts: bool
):
    review = apps["review"]
    case = send_proposal(apps["intake"], org_name="Okafor Millwork")
    carry(apps)
    coordinator, director = hire(review, "triage"), hire(review, "director")
    about: dict[str, Any] = {"size": {"width": width, "height": 800}, "scripts": scripts}
    with serving(review) as address, window(chromium, **about) as page:
        sign_in(page, address, coordinator)
        check_page(page, scripts=scripts)
        draft(page, scripts=scripts)
        follow(page.get_by_role("button", name="Sign out"))
        check_page(page, scripts=scripts)
        sign_in(page, address, director)
        release(page, scripts=scripts)
    assert case_of(review, case).state == "accepted"


@on_sqlite
def test_at_a_desk_the_case_shows_what_matters_without_scrolling(
    chromium: Browser, apps: dict[str, Flask]
):
    review = apps["review"]
    case = send_proposal(apps["intake"], org_name="Okafor Millwork")
    carry(apps)
    with serving(review) as address, window(chromium) as page:
        sign_in(page, address, hire(review, "triage"))
        page.goto(f"{address}/cases/{case}")
        seen = [
            page.get_by_role("heading", level=1),
            page.locator(".pill").first,
            page.locator(".due").first,
            page.get_by_role("button", name="Assign to me"),
            page.locator("aside").get_by_text("Ray Okafor", exact=True),
            page.locator(".reasons .flag.hot").first,
        ]
        for one in seen:
            box = one.bounding_box()
            assert box is not None and box["y"] + box["height"] <= 800, one
