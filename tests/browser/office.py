"""The office in the browser: sign in, open a case, decide, release."""

from playwright.sync_api import Page

from tests.browser.suite import PASSWORD, Suite, email_of
from tests.browser.windows import follow


def enter(page: Page, suite: Suite, role: str) -> None:
    """Sign in as a person with this role; the queue opens."""
    page.goto(f"{suite.review}/sign-in")
    page.get_by_label("Email").fill(email_of(role))
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    assert page.locator("h1").inner_text() == "Queue", page.locator("main").inner_text()


def open_case(page: Page, suite: Suite, reference: str) -> None:
    """Wait for the case in the queue and open it."""
    for _ in range(300):
        page.goto(f"{suite.review}/?q={reference}")
        found = page.locator("main th a")
        if found.count() == 1:
            follow(found)
            return
        page.wait_for_timeout(200)
    raise TimeoutError(f"{reference} is not in the queue")


def open_tab(page: Page, suite: Suite, title: str) -> None:
    """Open the tab of one state."""
    page.goto(suite.review)
    follow(page.get_by_role("navigation", name="Queues").get_by_role("link", name=title))


def press(page: Page, button: str) -> None:
    follow(page.locator("main").get_by_role("button", name=button, exact=True))


def take(page: Page) -> None:
    press(page, "Assign to me")
    assert "You are the owner now" in page.locator("main").inner_text()


def decide(page: Page, kind: str, *, reason: str = "", until: str = "", note: str = "") -> None:
    """Fill in the decision and create its letter, which the page then shows."""
    follow(page.locator("main").get_by_role("link", name="Draft decision", exact=True))
    page.get_by_role("radio", name=kind).check()
    if reason:
        page.locator("#reason").select_option(reason)
    if until:
        page.locator("#until").fill(until)
    if note:
        page.locator("#note").fill(note)
    press(page, "Create letter")
    assert page.locator("h1").inner_text() == "Letter preview"


def leave(page: Page) -> None:
    follow(page.get_by_role("button", name="Sign out"))


def open_letter_form(page: Page) -> None:
    """Open the form of the draft; it is open already where something was typed and not sent."""
    form = page.locator("details", has=page.get_by_text("Edit letter"))
    if form.get_attribute("open") is None:
        form.locator("summary").click()


def add_to_letter(page: Page, words: str) -> None:
    """Add these words to the end of the draft."""
    open_letter_form(page)
    text = page.get_by_label("Letter", exact=True)
    text.fill(f"{text.input_value()}\n\n{words}")
    press(page, "Save and preview")
    assert words in page.locator(".letter").inner_text()


def release(page: Page) -> None:
    press(page, "Send letter")
    assert "Letter sent" in page.locator("main").inner_text()


def release_drafted(page: Page, suite: Suite, reference: str, *, role: str) -> None:
    """Sign in as a person with this role and release the letter of a colleague."""
    enter(page, suite, role)
    open_case(page, suite, reference)
    follow(page.locator("main").get_by_role("link", name="Review and send letter"))
    release(page)


def open_again(page: Page, reason: str) -> None:
    """Reopen a case that was declined or is on hold."""
    page.locator("main summary", has_text="Reopen").click()
    page.get_by_label("Reason").fill(reason)
    press(page, "Reopen")
    assert "Case reopened" in page.locator("main").inner_text()
