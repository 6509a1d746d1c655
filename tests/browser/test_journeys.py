"""From the start page to the letter: people type, the office decides, mails and pages agree."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser import office
from tests.browser.filler import play
from tests.browser.proposer import arrives, open_mailed_link, read_letter
from tests.browser.suite import NAMES, Suite
from tests.browser.windows import PHONE, WIDE, window
from tests.factories import sample

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTE = "We liked talking with you."
ADDED = "Ray calls you on Monday about the room and the dates."
EMPLOYER = "partner-sterile-processing"
PROFESSOR = "faculty-inclusive-leadership"
ADVISER = "staff-crisis-line-volunteers"
AGAIN = "Two more teachers are free since Monday."
LATER = date.today() + timedelta(days=700)
UNTIL = (LATER.isoformat(), f"{LATER:%B} {LATER.day}, {LATER.year}")


def sent_and_looked_at(page: Page, suite: Suite, name: str) -> str:
    """Send the sample by the form, then open the link of its receipt; returns the reference."""
    body = sample(name)
    reference = play(page, suite.intake, body)
    receipt = suite.mail(reference, body["answers"]["contact_email"])
    assert reference in receipt["subject"]
    page.context.clear_cookies()
    open_mailed_link(page, suite, receipt, reference)
    assert page.locator("h1").inner_text() == body["answers"]["working_title"]
    assert page.locator(".lead").inner_text().startswith("Nothing needed from you.")
    return reference


def decided(
    page: Page, suite: Suite, reference: str, *, by: tuple[str, str], **decision: str
) -> None:
    """The first person assigns the case and writes the letter, which they may not release; the
    second releases it.
    """
    first, second = by
    office.enter(page, suite, first)
    office.open_case(page, suite, reference)
    office.take(page)
    office.decide(page, note=NOTE, **decision)
    office.add_to_letter(page, ADDED)
    assert page.get_by_role("button", name="Send letter").count() == 0
    office.leave(page)
    office.release_drafted(page, suite, reference, role=second)


def letter_in_page_and_mail(page: Page, suite: Suite, reference: str, *, signed_by: str) -> str:
    """The letter, which is the same on the status page and in the mail."""
    letter = read_letter(page)
    assert NOTE in letter
    assert ADDED in letter
    assert signed_by in letter
    mail = suite.mail(ADDED, reference)
    assert reference in mail["subject"]
    assert ADDED in " ".join(mail["html"].split())
    assert len([mail for mail in suite.mails(reference) if ADDED in mail["text"]]) == 1
    return letter


def status_page_shows(page: Page, label: str, *, next_step: str) -> None:
    """The first lines of the status page, once they contain this text."""
    arrives(page, page.locator("main .pill", has_text=label))
    text = page.locator(".lead").inner_text()
    assert text.startswith("Nothing needed from you.")
    assert next_step in text


def employer(browser: Browser, suite: Suite, *, size: ViewportSize, scripts: bool) -> None:
    with (
        window(browser, size=size, scripts=scripts) as page,
        window(browser, scripts=scripts) as staff,
    ):
        reference = sent_and_looked_at(page, suite, EMPLOYER)
        decided(staff, suite, reference, by=("triage", "lead"), kind="Accept")
        letter_in_page_and_mail(page, suite, reference, signed_by=NAMES["lead"])


def test_an_employer_types_an_idea_in_and_reads_the_acceptance(chromium: Browser, suite: Suite):
    employer(chromium, suite, size=WIDE, scripts=True)


def test_an_employer_does_all_of_it_on_a_phone(chromium: Browser, embedded: Suite):
    employer(chromium, embedded, size=PHONE, scripts=True)


def test_an_employer_and_the_office_do_all_of_it_without_javascript(
    chromium: Browser, embedded: Suite
):
    employer(chromium, embedded, size=WIDE, scripts=False)


def test_a_professor_types_an_idea_in_and_reads_why_not(chromium: Browser, suite: Suite):
    with window(chromium) as page, window(chromium) as staff:
        reference = sent_and_looked_at(page, suite, PROFESSOR)
        words = {"kind": "Decline", "reason": "audience_unclear"}
        decided(staff, suite, reference, by=("lead", "director"), **words)  # by rule of four eyes
        letter = letter_in_page_and_mail(page, suite, reference, signed_by=NAMES["director"])
    assert "It isn’t clear yet which group of people would take the course." in letter
    assert "Name one group of people" in letter


def test_an_adviser_reads_until_when_an_idea_is_on_hold_and_that_it_reopens(
    chromium: Browser, embedded: Suite
):
    with window(chromium) as page, window(chromium) as staff:
        reference = sent_and_looked_at(page, embedded, ADVISER)
        words = {"kind": "Put on hold", "reason": "capacity_this_term", "until": UNTIL[0]}
        decided(staff, embedded, reference, by=("triage", "lead"), **words)
        letter = letter_in_page_and_mail(page, embedded, reference, signed_by=NAMES["lead"])
        assert UNTIL[1] in letter
        status_page_shows(
            page,
            "On hold",
            next_step=f"we’ll come back to your idea on {LATER:%A}, {UNTIL[1]}.",
        )
        office.open_tab(staff, embedded, "On hold")
        assert reference in staff.locator("main table").inner_text()
        office.open_case(staff, embedded, reference)
        due = f"{LATER:%a}, {LATER:%b} {LATER.day}, {LATER.year}"
        assert due in staff.locator("main .due").first.inner_text()
        office.open_again(staff, AGAIN)
        assert AGAIN in staff.get_by_role("complementary").inner_text()
        office.open_tab(staff, embedded, "In triage")
        assert reference in staff.locator("main table").inner_text()
        status_page_shows(page, "In review", next_step="Next: we’ll suggest a time to talk by")
