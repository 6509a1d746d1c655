"""The tour of the office: sign-in, queue, case, decision, letter, a conflict, a busy morning."""

from datetime import timedelta

from playwright.sync_api import Page

from infra.tools import sample_cases
from infra.tools.sample_cases import filling
from services.review.cases import visibility
from shared import db
from shared.tables import now
from tests.browser.screens_camera import Camera
from tests.browser.screens_faults import below_the_fold
from tests.browser.suite import ARRIVES_WITHIN, PASSWORD, Suite, email_of

SAVE = "form .actions .button >> nth=0"
RELEASE = "form[action$='/letter/release'] button"
_IN_A_YEAR = (now().date() + timedelta(days=365)).isoformat()
WORDS = {
    "accept": {},
    "decline": {"reason": "demand_not_evidenced"},
    "defer": {"reason": "capacity_this_term", "until": _IN_A_YEAR},
}


def sign_in(page: Page, suite: Suite, role: str) -> None:
    """Sign in as a person with this role."""
    page.goto(f"{suite.review}/sign-in")
    page.fill("[name=email]", email_of(role))
    page.fill("[name=password]", PASSWORD)
    page.locator(SAVE).click()


def door(camera: Camera, suite: Suite) -> None:
    """Sign-in with and without errors, the empty queue, the account page."""
    with camera.window() as page:
        page.goto(f"{suite.review}/sign-in")
        camera.shoot(page, "sign-in")
        page.fill("[name=email]", email_of("triage"))
        page.fill("[name=password]", "not this one")
        page.locator(SAVE).click()
        camera.shoot(page, "sign-in-error")
        sign_in(page, suite, "triage")
        camera.shoot(page, "queue-empty")
        for tab in ("mine", "declined"):
            page.goto(f"{suite.review}/?tab={tab}")
            camera.shoot(page, f"queue-{tab}-empty")
        page.goto(f"{suite.review}/account")
        camera.shoot(page, "account")
        page.locator("form[action='/account/password'] button").click()
        camera.shoot(page, "account-error")
        page.select_option("[name=assigned]", "morning")
        page.locator("form[action='/account/mail'] button").click()
        camera.shoot(page, "account-mail")
        page.goto(f"{suite.review}/cases/ABCD-EFGH")
        camera.shoot(page, "case-unknown")
    with camera.window(script=False) as page:
        page.goto(f"{suite.review}/sign-in")
        camera.shoot(page, "sign-in-no-script")


def arrived(page: Page, suite: Suite, reference: str) -> None:
    """Wait for the case and open it."""
    for _ in range(int(ARRIVES_WITHIN * 5)):
        answer = page.goto(f"{suite.review}/cases/{reference}")
        if answer is not None and answer.ok:
            return
        page.wait_for_timeout(200)
    raise TimeoutError(f"{reference} does not arrive")


def full(camera: Camera, suite: Suite, references: dict[str, str]) -> None:
    """The full queue, and each kind of case before it has an owner."""
    with camera.window() as page:
        sign_in(page, suite, "triage")
        for name, reference in references.items():
            arrived(page, suite, reference)
            camera.shoot(page, f"case-{name}")
            camera.fold(page, f"case-{name}", below_the_fold(page))
        page.goto(suite.review)
        camera.shoot(page, "queue-full")
        page.goto(f"{suite.review}/?q=nothing+is+called+so")
        camera.shoot(page, "queue-no-match")
    with camera.window(script=False) as page:
        sign_in(page, suite, "triage")
        camera.shoot(page, "queue-no-script")
        page.goto(f"{suite.review}/cases/{references['partner']}")
        camera.shoot(page, "case-no-script")


def shoot_assigning(camera: Camera, suite: Suite, reference: str) -> None:
    """Assign the case, send an empty message, send a message."""
    with camera.window() as page:
        sign_in(page, suite, "lead")
        page.goto(f"{suite.review}/cases/{reference}")
        page.locator("form[action$='/take'] button").click()
        camera.shoot(page, "case-taken")
        camera.fold(page, "case-taken", below_the_fold(page))
        write = page.locator("form[action$='/write']")
        write.locator("button.button").click()
        camera.shoot(page, "case-write-error")
        write.locator("textarea").fill("Thank you. Who would teach the evening group?")
        write.locator("button.button").click()
        camera.shoot(page, "case-written")
        note = page.locator("form[action$='/note']")
        note.locator("textarea").fill("@Nobody, is the evening lab free in spring?")
        note.locator("button.button").click()
        camera.shoot(page, "case-note-error")
        note.locator("textarea").fill(
            "Is the evening lab free in spring? She prefers calls.\n\n"
            f"https://rooms.lakeside.example/{'evening-lab-' * 12}\n"
            + "What she needs is long. "
            * 20
        )
        note.locator("button.button").click()
        camera.shoot(page, "case-noted")


def decided(camera: Camera, suite: Suite, reference: str, *, kind: str) -> None:
    """From the decision to the released letter; one person writes it, another releases it."""
    with camera.window() as page:
        sign_in(page, suite, "triage")
        page.goto(f"{suite.review}/cases/{reference}/decision")
        camera.shoot(page, f"decision-{kind}-empty")
        page.locator(SAVE).click()
        camera.shoot(page, f"decision-{kind}-error")
        page.goto(f"{suite.review}/cases/{reference}/decision")
        page.locator(f"[name=kind][value={kind}]").check()
        for name, value in WORDS[kind].items():
            control = page.locator(f"[name={name}]")
            control.select_option(value) if name == "reason" else control.fill(value)
        page.locator("[name=note]").fill("We liked talking with your head of training.")
        camera.shoot(page, f"decision-{kind}")
        page.locator(SAVE).click()
        camera.shoot(page, f"letter-{kind}-written")
    with camera.window() as page:
        sign_in(page, suite, "director")
        page.goto(f"{suite.review}/cases/{reference}")
        camera.shoot(page, f"case-{kind}-to-release")
        page.goto(f"{suite.review}/cases/{reference}/letter")
        camera.shoot(page, f"letter-{kind}-to-release")
        _badly_edited(camera, page, kind)
        page.goto(f"{suite.review}/cases/{reference}/letter")
        page.locator(RELEASE).click()
        camera.shoot(page, f"case-{kind}")
        page.goto(f"{suite.review}/cases/{reference}/letter")
        camera.shoot(page, f"letter-{kind}-released")


def _badly_edited(camera: Camera, page: Page, kind: str) -> None:
    page.locator("summary", has_text="Edit letter").click()
    form = page.locator("form[action$='/letter']")
    form.locator("textarea").fill(" ")
    form.locator("button.button").click()
    camera.shoot(page, f"letter-{kind}-error")


def at_once(camera: Camera, suite: Suite, reference: str) -> None:
    """Two people act on one case: the second sees the change of the first."""
    with camera.window() as first, camera.window() as second:
        for page, role in ((first, "lead"), (second, "triage")):
            sign_in(page, suite, role)
            page.goto(f"{suite.review}/cases/{reference}")
        first.locator("form[action$='/take'] button").click()
        write = second.locator("form[action$='/write']")
        write.locator("textarea").fill("Could we meet next week to talk about the evening group?")
        write.locator("button.button").click()
        camera.shoot(second, "case-second")


def over(camera: Camera, suite: Suite, reference: str) -> None:
    """A message and a button after the session has expired."""
    for button, name in (("write", "message"), ("take", "button")):
        with camera.window() as page:
            sign_in(page, suite, "triage")
            page.goto(f"{suite.review}/cases/{reference}")
            form = page.locator(f"form[action$='/{button}']")
            if button == "write":
                form.locator("textarea").fill("We read it today. Could we talk on Monday?")
            page.context.clear_cookies()
            form.locator("button.button").click()
            camera.shoot(page, f"sign-in-over-{name}")
            page.fill("[name=email]", email_of("triage"))
            page.fill("[name=password]", PASSWORD)
            page.locator(SAVE).click()
            camera.shoot(page, f"again-{name}")


def busy(camera: Camera, suite: Suite) -> None:
    """The cases of the demo in every state with different owners; one is reopened."""
    people = sample_cases.people("example")
    words = {value["email"]: PASSWORD for value in people.values()}
    filling.create_accounts("example", suite.apps, passwords=words)
    sent = filling.send("example", suite.apps, url=suite.intake)
    with camera.window() as page:
        for _ in range(int(ARRIVES_WITHIN * 5)):
            if filling.arrived(sent, suite.apps):
                break
            page.wait_for_timeout(200)
        filling.advance_cases("example", sent, suite.apps)
        _pressing(suite, list(sent))
        sign_in(page, suite, "lead")
        for name, tab in (("busy", ""), ("busy-all", "?tab=all"), ("on-hold", "?tab=deferred"),
                          ("late", "?due=late")):  # fmt: skip
            page.goto(f"{suite.review}/{tab}")
            camera.shoot(page, f"queue-{name}")
        page.goto(suite.review)
        page.locator(".more-flags summary").first.click()
        camera.shoot(page, "queue-busy-flags")
        page.goto(f"{suite.review}/?tab=deferred")
        page.locator("main th a").first.click()
        camera.shoot(page, "case-on-hold")
        page.locator("main summary", has_text="Reopen").click()
        page.get_by_label("Reason").fill("Their grant came through early.")
        page.locator("form[action$='/reopen'] button").click()
        camera.shoot(page, "case-reopened")


def _pressing(suite: Suite, references: list[str]) -> None:
    """The first three open cases: one late, one due today, one due tomorrow."""
    today = now().date()
    with suite.apps["review"].app_context(), db.begin() as session:
        results = [visibility.find(session, None, typed=reference) for reference in references]
        owed = [case for case in results if case is not None and case.state == "triage"]
        for case, days in zip(owed, (-4, 0, 1), strict=False):
            case.due_on = today + timedelta(days=days)
