"""No page of proposers or office has a fault in any state, by the rules of axe and our own."""

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser import filler, office
from tests.browser.filler import go_on, path
from tests.browser.proposer import open_mailed_link, read_letter
from tests.browser.seen import PageCheck
from tests.browser.suite import Suite
from tests.browser.windows import PHONE, WIDE, follow, window
from tests.factories import sample

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def each_state(page: Page, see: PageCheck, answers: dict[str, object]) -> None:
    """A page of the form when opened, saved without answers, and filled in and saved."""
    here = page.url
    see("empty")
    go_on(page)
    if page.url == here:
        see("wrong")
    else:
        page.goto(here)
    filler.fill(page, answers)
    see("filled", fresh=False)
    go_on(page)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("name", ["partner-sterile-processing", "faculty-es-contabilidad"])
def test_no_page_of_the_form_has_a_fault(
    chromium: Browser, embedded: Suite, name: str, size: ViewportSize
):
    body = sample(name)
    answers = body["answers"]
    with window(chromium, size=size) as page:
        see = PageCheck(page)
        filler.begin(page, embedded.intake, body)
        while path(page) != "/draft/more":
            each_state(page, see, answers)
        see("core done")
        offered = page.locator("main section a[href^='/draft/']")
        for topic in offered.evaluate_all("all => all.map(a => a.href)"):
            page.goto(topic)
            each_state(page, see, answers)
        see("all added")
        follow(page.locator("main a.button").first)
        see("empty")
        go_on(page)
        see("wrong")
        filler.fill(page, answers)
        go_on(page)
        filler.receipt(page)
        see("sent")
        page.goto(f"{embedded.intake}/status")
        see("new")
    assert len(see.names) > 25
    assert see.faults == {}


def test_no_page_around_the_form_has_a_fault(chromium: Browser, embedded: Suite):
    with window(chromium) as page:
        see = PageCheck(page)
        branches = ("", "partner", "faculty", "staff")
        questions = [f"/questions/{branch}" for branch in branches]
        fixed = ["/", "/?lang=es", "/?lang=en", "/privacy", "/accessibility", "/link", "/start"]
        lost = ["/draft/you", "/go/nothing", "/nothing-here", "/sent"]
        for address in [*questions, *fixed, *lost]:
            see.visit(embedded.intake + address)
        page.goto(f"{embedded.intake}/start")
        go_on(page)
        see("wrong")
        see.visit(f"{embedded.intake}/link")
        go_on(page)
        see("wrong")
        page.locator("#known").fill("nobody@nowhere.example")
        go_on(page)
        see("asked for a link")
        go_on(page)
        see("no code")
        stop_halfway(page, embedded, see)
    assert see.faults == {}


def stop_halfway(page: Page, suite: Suite, see: PageCheck) -> None:
    """A form kept for later, its link by mail, a token of yesterday."""
    filler.begin(page, suite.intake, sample("partner-half-idea"))
    page.goto(f"{suite.intake}/draft/saved")
    see("saved")
    go_on(page)
    see("wrong")
    page.locator("#email").fill("halfway@example.org")
    go_on(page)
    see("mailed")
    page.goto(f"{suite.intake}/draft/")
    see("gone on")
    page.locator("main form [name=csrf_token]").evaluate("one => { one.value = 'old' }")
    go_on(page)
    see("late")
    page.goto(f"{suite.intake}/")
    see("with a draft")


def test_no_page_of_the_office_and_no_status_has_a_fault(chromium: Browser, embedded: Suite):
    body = sample("partner-full-charging-stations")
    with window(chromium) as page, window(chromium) as staff:
        theirs, ours = PageCheck(page), PageCheck(staff)
        reference = filler.play(page, embedded.intake, body, whole=False)
        receipt = embedded.mail(reference, body["answers"]["contact_email"])
        page.context.clear_cookies()
        page.goto(f"{embedded.intake}/status/{reference}")
        theirs("not known here")
        open_mailed_link(page, embedded, receipt, reference)
        theirs("new")
        at_the_door(staff, embedded, ours)
        on_the_case(staff, embedded, ours, reference)
        page.reload()
        theirs("taken")
        to_the_letter(staff, ours)
        ahead_of_her(chromium, staff, embedded, ours, reference)
        read_letter(page)
        theirs("decided")
    assert theirs.faults == {}
    assert ours.faults == {}


def at_the_door(page: Page, suite: Suite, see: PageCheck) -> None:
    see.visit(f"{suite.review}/sign-in", "empty")
    office.press(page, "Sign in")
    see("wrong")
    office.enter(page, suite, "lead")
    see("open")
    for query in ("tab=mine", "tab=all", "q=zzzzzzzz", "tab=triage"):
        see.visit(f"{suite.review}/?{query}", query)
    see.visit(f"{suite.review}/?tab=nothing", "refused")
    see.visit(f"{suite.review}/cases/0000-0000", "no such case")
    see.visit(f"{suite.review}/account", "own")
    follow(page.locator("main form[action$=password] button.button").last)
    see("wrong")


def on_the_case(page: Page, suite: Suite, see: PageCheck, reference: str) -> None:
    office.open_case(page, suite, reference)
    see("new")
    office.take(page)
    see("taken")
    office.press(page, "Send message")
    see("nothing written")
    page.locator("#text").fill("We read it today.")
    office.press(page, "Send message")
    see("written")


def to_the_letter(page: Page, see: PageCheck) -> None:
    case = page.url.partition("?")[0]
    page.goto(f"{case}/decision")
    see("empty")
    office.press(page, "Create letter")
    see("wrong")
    page.goto(case)
    office.decide(page, "Accept")
    see("letter")
    office.open_letter_form(page)
    page.get_by_label("Subject").fill("")
    office.press(page, "Save and preview")
    see("letter without a subject")


def ahead_of_her(
    browser: Browser, page: Page, suite: Suite, see: PageCheck, reference: str
) -> None:
    """A colleague changes the letter meanwhile: the second person sees the change of the first."""
    page.goto(f"{suite.review}/cases/{reference}/letter")
    with window(browser) as other:
        office.enter(other, suite, "director")
        other.goto(page.url)
        office.add_to_letter(other, "One more word.")
    office.open_letter_form(page)
    page.get_by_label("Subject").fill("A subject that the second one typed")
    office.press(page, "Save and preview")
    assert "This case changed while you had it open" in page.locator("h1").inner_text()
    see("second")
    page.goto(f"{suite.review}/cases/{reference}/letter")
    office.release(page)
    see("released")
    page.goto(f"{suite.review}/cases/{reference}/letter")
    see("letter released")
