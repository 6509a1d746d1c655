"""The two other profiles: their doors, promises, wording and rules, from start page to letter."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from infra.tools import sample_cases
from services.intake.models import Proposal
from shared import references
from tests.browser import filler, office, suite
from tests.browser.filler import go_on
from tests.browser.proposer import open_mailed_link, read_letter
from tests.browser.seen import PageCheck
from tests.browser.suite import NAMES, Suite
from tests.browser.windows import window
from tests.factories import ahead, rows

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_MAILS = 4  # per hour and mailbox, the default


class House:
    """One of the profiles, running. It keeps the texts and faults of visited pages."""

    def __init__(self, suite: Suite, page: Page, idea: dict[str, Any]):
        self.suite, self.page, self.idea = suite, page, idea
        self.see, self.reference = PageCheck(page), ""

    def words(self) -> str:
        """All text of the page with header and footer."""
        return self.page.locator("body").inner_text()

    def sent(self) -> str:
        """Send the core of the form; returns the text of the receipt."""
        answers = self.idea["answers"]
        filler.begin(self.page, self.suite.intake, self.idea)
        self.see("first page")
        filler.core(self.page, answers)
        self.see("core done")
        filler.check(self.page, answers)
        self.see("to check", fresh=False)
        go_on(self.page)
        self.reference = filler.receipt(self.page)
        self.see("receipt")
        return self.words()

    def mailed(self) -> dict[str, Any]:
        """The receipt in the mailbox; its link leads to the status page from another device."""
        mail = self.suite.mail(self.reference, self.idea["answers"]["contact_email"])
        self.page.context.clear_cookies()
        open_mailed_link(self.page, self.suite, mail, self.reference)
        self.see("status")
        return mail

    def label(self) -> str:
        """The public label on the status page."""
        return self.page.locator("main .pill").first.inner_text()

    def too_many_links(self) -> str:
        """Ask for links until the limit of the mailbox; returns the text of the page then."""
        filler.begin(self.page, self.suite.intake, self.idea)
        for _ in range(MOST_MAILS + 1):
            self.page.goto(f"{self.suite.intake}/draft/saved")
            self.page.locator("#email").fill("often@example.org")
            go_on(self.page)
        self.see("too many links")
        return self.words()

    def drafted(self, staff: Page) -> None:
        """A lead assigns the case and writes the letter of acceptance."""
        office.enter(staff, self.suite, "lead")
        office.open_case(staff, self.suite, self.reference)
        office.take(staff)
        office.decide(staff, "Accept")

    def days(self) -> tuple[int, int]:
        """The days from sending to the promised reply and decision."""
        stored = references.parse(self.reference)
        (row,) = rows(self.suite.apps["intake"], Proposal, Proposal.reference == stored)
        sent = row.submitted_at.date()
        return (row.first_reply_by - sent).days, (row.decision_by - sent).days


@contextmanager
def house(browser: Browser, folder: Path, *, profile: str, case: str) -> Iterator[House]:
    """The suite with this profile and one idea of its demo."""
    (idea,) = [one.body for one in sample_cases.read(profile) if one.name == case]
    idea = idea | {"answers": ahead(idea["answers"])}
    limit = {"MAILS_PER_HOUR": str(MOST_MAILS)}
    started = suite.started("embedded", folder, profile=profile, **limit)
    with started as running, window(browser) as page:
        yield House(running, page, idea)


def test_partner_first_promises_a_call_within_days_and_one_lead_accepts(
    chromium: Browser, tmp_path: Path
):
    opened = house(chromium, tmp_path, profile="partner-first", case="01-night-med-cart")
    with opened as here, window(chromium) as staff:
        here.see.visit(here.suite.intake, "start")
        start = here.words()
        assert here.page.locator("h1").inner_text().startswith("Tell us about the work")
        assert here.page.locator(".door a").first.inner_text() == "I run or speak for a workplace"
        assert "Who approves what" not in start
        assert (
            "The Work Lab reads what you send, and one person from our team will be your contact."
            in start
        )

        receipt = here.sent()
        assert here.page.locator("h1").inner_text() == "We got it, and we’ll be in touch"
        assert "Dana Two Bulls" in receipt
        assert here.days()[0] <= 5 and here.days()[1] <= 35

        mail = here.mailed()
        assert mail["subject"] == f"We got your request: {here.reference}"
        assert "you’ll have a contact person on our team" in mail["text"]
        assert here.label() == "Request received"

        here.drafted(staff)
        office.release(staff)  # this profile needs no second person
        letter = read_letter(here.page)
        here.see("decided")
        assert here.label() == "Accepted"
        assert letter.startswith("Yes, let’s build “Run the night med cart”")
        assert f"{NAMES['lead']} will call you this week" in letter
        assert here.suite.mail(here.reference, "first work session")
        assert "several links to this address" in here.too_many_links()
    assert here.see.faults == {}


def test_governance_first_names_approvers_and_a_second_person_releases_its_letter(
    chromium: Browser, tmp_path: Path
):
    opened = house(chromium, tmp_path, profile="governance-first", case="02-safe-shift")
    with opened as here, window(chromium) as staff:
        here.see.visit(here.suite.intake, "start")
        start = here.words()
        assert here.page.locator("h1").inner_text() == "Propose a microcredential"
        assert here.page.locator(".door a").first.inner_text() == "Faculty and staff"
        assert "Who approves what" in start
        assert "Plan one to two terms" in start

        receipt = here.sent()
        assert here.page.locator("h1").inner_text() == "We received your proposal"
        assert "Margarethe Osgood" in receipt
        assert here.days()[0] >= 7 and here.days()[1] >= 60

        mail = here.mailed()
        assert mail["subject"] == f"We received your proposal {here.reference}"
        assert "your contact for the approval route" in mail["text"]
        assert here.label() == "Submitted"

        here.drafted(staff)
        assert staff.get_by_role("button", name="Send letter").count() == 0
        office.leave(staff)
        office.release_drafted(staff, here.suite, here.reference, role="director")
        letter = read_letter(here.page)
        here.see("decided")
        assert here.label() == "Accepted for approval"
        assert letter.startswith("Accepted for approval: “Lead a Safe Shift”")
        assert "your unit confirms in writing" in letter
        assert NAMES["director"] in letter
        assert here.suite.mail(here.reference, "confirms in writing")
    assert here.see.faults == {}
