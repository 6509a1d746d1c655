"""No fault on rare pages: suspected spam, expired session, errors, the mailbox."""

import pytest
from playwright.sync_api import Browser, ViewportSize

from services.intake.models import Proposal
from tests.browser import filler, office
from tests.browser.filler import go_on, path
from tests.browser.seen import PageCheck
from tests.browser.suite import PASSWORD, Suite, email_of
from tests.browser.windows import PHONE, WIDE, follow, window
from tests.factories import a_proposal, rows, sample

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TYPED = "We read it today, and Ray calls you on Monday about the room."


def test_the_page_after_suspected_spam_has_no_fault_and_no_reference(
    chromium: Browser, embedded: Suite
):
    idea = a_proposal(working_title="Whatever a program fills in")
    with window(chromium) as page:
        see = PageCheck(page)
        filler.begin(page, embedded.intake, idea)
        filler.core(page, idea["answers"])
        filler.check(page, idea["answers"])
        page.locator("[aria-hidden=true] input[name]").evaluate("one => { one.value = 'x' }")
        go_on(page)
        assert path(page) == "/sent"
        see("held back")
        held = Proposal.title == idea["answers"]["working_title"]
        (row,) = rows(embedded.apps["intake"], Proposal, held)
        assert row.state == "quarantined"
        assert row.reference[:4] not in page.locator("main").inner_text()
    assert see.faults == {}


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_signing_in_again_after_a_session_ended_has_no_fault_and_loses_no_text(
    chromium: Browser, embedded: Suite, size: ViewportSize
):
    body = sample("partner-half-idea")
    with window(chromium) as page, window(chromium, size=size) as staff:
        reference = filler.play(page, embedded.intake, body, whole=False)
        see = PageCheck(staff)
        office.enter(staff, embedded, "triage")
        office.open_case(staff, embedded, reference)
        case = staff.url
        staff.locator("#text").fill(TYPED)
        staff.context.clear_cookies()
        office.press(staff, "Send message")
        assert "your text is still here" in staff.locator("main").inner_text()
        see("session over")
        office.press(staff, "Sign in")
        see("session over, nothing typed")
        staff.get_by_label("Email").fill(email_of("triage"))
        staff.get_by_label("Password").fill(PASSWORD)
        office.press(staff, "Sign in")
        assert staff.url.partition("?")[0] == case
        assert staff.locator("#text").input_value() == TYPED
        assert "Not sent yet." in staff.locator("#conversation").inner_text()
        see("signed in again")
    assert see.faults == {}


def test_no_refusal_in_spanish_has_a_fault(chromium: Browser, embedded: Suite):
    body = sample("faculty-es-contabilidad")
    with window(chromium) as page:
        see = PageCheck(page)
        filler.begin(page, embedded.intake, body)
        go_on(page)
        see("wrong")
        page.locator("main form [name=csrf_token]").evaluate("one => { one.value = 'viejo' }")
        go_on(page)
        see("late")
        page.goto(f"{embedded.intake}/draft/check")
        see("much missing")
        go_on(page)
        see("sent with much missing")
        page.goto(f"{embedded.intake}/draft/saved")
        page.locator("#email").fill("no es una dirección")
        go_on(page)
        see("wrong")
        page.goto(f"{embedded.intake}/link")
        go_on(page)
        see("wrong")
        see.visit(f"{embedded.intake}/go/nada", "unknown link")
        see.visit(f"{embedded.intake}/nada", "no such page")
        assert page.locator("html").get_attribute("lang") == "es"
    assert see.faults == {}


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_page_of_the_mailbox_has_a_fault(chromium: Browser, embedded: Suite, size: ViewportSize):
    body = sample("partner-half-idea")
    with window(chromium, size=size) as page:
        reference = filler.play(page, embedded.intake, body, whole=False)
        mail = embedded.mail(reference, body["answers"]["contact_email"])
        see = PageCheck(page)
        see.visit(embedded.mailbox, "all")
        see.visit(f"{embedded.mailbox}/?q=nothing-is-called-so", "nothing found")
        page.goto(embedded.mailbox)
        page.get_by_role("searchbox").fill(f"{reference} ")
        follow(page.get_by_role("button", name="Search"))
        see("found")
        follow(page.get_by_role("link", name=mail["subject"]).first)
        assert page.frame_locator("iframe").get_by_text(reference).count() > 0
        assert page.locator("iframe").get_attribute("title")
        page.locator("iframe").evaluate("one => one.remove()")  # axe waits for it; no script runs
        see("one mail")
    assert len(see.names) == 4
    assert see.faults == {}
