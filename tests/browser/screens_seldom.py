"""The tour of rare pages: Spanish, other profiles, a page that timed out, errors."""

from typing import Any

from playwright.sync_api import Page

from services.review.cases import visibility
from services.review.staff import people
from shared import db
from tests.browser import filler
from tests.browser.filler import go_on
from tests.browser.screens_camera import Camera
from tests.browser.screens_office import sign_in
from tests.browser.screens_public import by_mail
from tests.browser.suite import Suite, email_of
from tests.factories import sample

MOST_MAILS = 2  # per hour and mailbox, in the suites of the other profiles
ASK_FOR_LINK = "form[action$='/link'] .actions .button"


def whole(camera: Camera, suite: Suite, idea: dict[str, Any], *, kind: str) -> None:
    """Each kind of page once, from start to status, in this language or profile."""
    answers = idea["answers"]
    with camera.window() as page:
        page.goto(f"{suite.intake}/?lang={idea['language']}")
        camera.shoot(page, f"start-{kind}")
        page.goto(f"{suite.intake}/questions/{answers['proposer_kind']}")
        camera.shoot(page, f"questions-{kind}")
        page.goto(f"{suite.intake}/start")
        camera.shoot(page, f"begin-{kind}")
        filler.begin(page, f"{suite.intake}/?lang=en", idea)
        camera.shoot(page, f"form-1-{kind}-empty")
        go_on(page)
        camera.shoot(page, f"form-1-{kind}-error")
        page.goto(page.url)
        filler.fill(page, answers)
        camera.shoot(page, f"form-1-{kind}")
        filler.core(page, answers)
        camera.shoot(page, f"more-{kind}")
        filler.check(page, answers)
        camera.shoot(page, f"check-{kind}")
        go_on(page)
        camera.shoot(page, f"receipt-{kind}")
        reference = filler.receipt(page)
    by_mail(camera, suite, reference, kind=kind)


def too_late(camera: Camera, suite: Suite) -> None:
    """A page with an expired token: in the form and on the check page."""
    idea = sample("partner-half-idea")
    with camera.window() as page:
        filler.begin(page, suite.intake, idea)
        filler.fill(page, idea["answers"])
        _outlive(page)
        camera.shoot(page, "form-1-late")
        go_on(page)
        filler.core(page, idea["answers"])
        filler.check(page, idea["answers"])
        _outlive(page)
        camera.shoot(page, "check-late")


def _outlive(page: Page) -> None:
    page.locator("main form [name=csrf_token]").evaluate("one => one.value = 'of yesterday'")
    go_on(page)


def quarantined(camera: Camera, suite: Suite) -> None:
    """The hidden field was filled in, by a robot or an overeager browser."""
    idea = sample("partner-half-idea")
    with camera.window() as page:
        filler.begin(page, suite.intake, idea)
        filler.core(page, idea["answers"])
        filler.check(page, idea["answers"])
        page.locator("[name=website_2]").evaluate("one => one.value = 'https://robot.example'")
        go_on(page)
        camera.shoot(page, "receipt-quarantined")


def too_many_links(camera: Camera, suite: Suite, idea: dict[str, Any], *, kind: str) -> None:
    """Ask for one link more than a mailbox may get in an hour."""
    with camera.window() as page:
        filler.begin(page, suite.intake, idea)
        for _ in range(MOST_MAILS + 1):
            page.goto(f"{suite.intake}/draft/saved")
            page.locator("[name=email]").fill("often@harborhealth.example")
            page.locator(ASK_FOR_LINK).click()
        camera.shoot(page, f"saved-{kind}-full")


def passed_on(camera: Camera, suite: Suite, reference: str) -> None:
    """A case goes to another office: the previous owner loses access, and the proposer sees the new
    contact.
    """
    _of_one_office(suite, reference)
    with camera.window() as page:
        sign_in(page, suite, "one-office")
        page.goto(f"{suite.review}/cases/{reference}")
        page.locator("main summary", has_text="Transfer").click()
        form = page.locator("form[action$='/pass-on']")
        form.locator("select").select_option(index=1)
        form.get_by_label("Reason").fill("They teach it on their campus already.")
        camera.shoot(page, "case-pass-on")
        form.locator("button.button").click()
        camera.shoot(page, "queue-passed-on")
    with camera.window() as page:
        sign_in(page, suite, "lead")
        page.goto(f"{suite.review}/cases/{reference}")
        camera.shoot(page, "case-passed-on")
    by_mail(camera, suite, reference, kind="passed-on")


def _of_one_office(suite: Suite, reference: str) -> None:
    """A person who sees only the cases of this office."""
    with suite.apps["review"].app_context(), db.begin() as session:
        case, known = (
            visibility.find(session, None, typed=reference),
            people.find(session, email=email_of("triage")),
        )
        if case is None or known is None:
            raise ValueError(f"{reference} has not come")
        about = {"name": "Mona Reyes", "email": email_of("one-office"), "role": "triage"}
        member = people.add(session, **about, office=case.office)
        member.password_hash = known.password_hash
