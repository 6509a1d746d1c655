"""The tour of a proposer: start page, form, check, receipt, links, status, mail."""

import re
from typing import Any

from playwright.sync_api import Page

from tests.browser.filler import fill
from tests.browser.screens_camera import Camera
from tests.browser.suite import Suite
from tests.factories import sample

GO_ON = "form .actions .button >> nth=0"
PLAIN = ("questions", "privacy", "accessibility", "link", "status", "draft", "no-such-page")
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"  # has no place for a line break


def long_answers(answers: dict[str, Any]) -> dict[str, Any]:
    """These answers at their limits, with one word wider than a phone."""
    text = "We would like people to learn this on shift and to be able to show it. "
    return answers | {
        "contact_name": "Maria-Magdalena Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh",
        "contact_title": "Senior Associate Vice President of Workforce Partnerships and Learning",
        "org_name": f"{WORD} and Daughters of the Greater Lakeside Metropolitan Area",
        "working_title": f"{WORD} for everybody",
        "summary": (text * 8)[:498],
        "need": (f"{WORD} " + text * 20)[:1198],
        "skills": [f"{(text * 3)[:188]} {number}" for number in range(1, 11)],
    }


def before_sending(camera: Camera, suite: Suite) -> None:
    """Every page before anything is sent."""
    with camera.window() as page:
        page.goto(suite.intake)
        camera.shoot(page, "start")
        for name in PLAIN:
            page.goto(f"{suite.intake}/{name}")
            camera.shoot(page, f"{name}-empty")
        page.goto(f"{suite.intake}/link")
        page.locator(GO_ON).click()
        camera.shoot(page, "link-error")
        page.locator("[name=known]").fill("dolores.whitfield@harborhealth.example")
        page.locator(GO_ON).click()
        camera.shoot(page, "link-sent")
        page.locator("[name=code]").fill("000 000")
        page.locator(GO_ON).click()
        camera.shoot(page, "link-code-wrong")
        page.goto(f"{suite.intake}/go/nothing-opens-with-this")
        camera.shoot(page, "link-over")
    with camera.window(script=False) as page:
        page.goto(suite.intake)
        camera.shoot(page, "start-no-script")


def filled_in(camera: Camera, suite: Suite, name: str, *, kind: str, script: bool = True) -> str:
    """The form from start to receipt; `kind` names the pictures. Returns the reference."""
    answers = sample(name)["answers"]
    if kind == "longest":
        answers = long_answers(answers)
    with camera.window(script=script) as page:
        page.goto(f"{suite.intake}/start")
        camera.shoot(page, f"begin-{kind}")
        if kind == "partner":
            _wrong(camera, page, "begin")
        fill(page, {"proposer_kind": answers["proposer_kind"]})
        page.locator(GO_ON).click()
        _core(camera, page, answers, kind)
        if kind in ("partner", "faculty"):
            _topics(camera, page, answers, kind)
        camera.shoot(page, f"more-{kind}")
        if kind == "partner":
            _stopped(camera, page, suite)
        return _sent(camera, page, answers, kind)


def _core(camera: Camera, page: Page, answers: dict[str, Any], kind: str) -> None:
    for number in range(1, 12):
        if "/more" in page.url:
            return
        if kind in ("partner", "faculty"):
            camera.shoot(page, f"form-{number}-{kind}-empty")
            _wrong(camera, page, f"form-{number}-{kind}")
            page.goto(page.url)
        fill(page, answers)
        camera.shoot(page, f"form-{number}-{kind}")
        page.locator(GO_ON).click()
    raise RuntimeError(f"the form does not end: {page.url}\n{page.locator('main').inner_text()}")


def _wrong(camera: Camera, page: Page, name: str) -> None:
    """Continue without an answer."""
    page.locator(GO_ON).click()
    camera.shoot(page, f"{name}-error")


def _topics(camera: Camera, page: Page, answers: dict[str, Any], kind: str) -> None:
    links = page.locator("main section a").evaluate_all("all => all.map(each => each.href)")
    for address in links:
        name = re.sub(r"\W+", "-", address.rsplit("/", 1)[-1].replace("_", "-"))
        page.goto(address)
        camera.shoot(page, f"topic-{name}-{kind}-empty")
        fill(page, answers)
        camera.shoot(page, f"topic-{name}-{kind}")
        page.locator(GO_ON).click()


def _stopped(camera: Camera, page: Page, suite: Suite) -> None:
    page.goto(f"{suite.intake}/draft/saved")
    camera.shoot(page, "saved")
    page.locator("[name=email]").fill("not an address")
    page.locator(GO_ON).click()
    camera.shoot(page, "saved-error")
    page.locator("[name=email]").fill("dolores.whitfield@harborhealth.example")
    page.locator(GO_ON).click()
    camera.shoot(page, "saved-mailed")
    page.goto(f"{suite.intake}/draft/saved")
    page.locator("[name=email]").fill("dolores.whitfield@harborhealth.example")
    page.locator(GO_ON).click()
    camera.shoot(page, "saved-mailed-again")
    page.goto(f"{suite.intake}/draft/delete")
    camera.shoot(page, "delete")
    _kept_apart(camera, suite)
    page.goto(suite.intake)
    camera.shoot(page, "start-going-on")
    page.goto(f"{suite.intake}/draft/more")


def _kept_apart(camera: Camera, suite: Suite) -> None:
    """The mailed link to a draft, and a draft that is deleted."""
    mail = suite.mail("Your draft", f"{suite.intake}/go/")
    link = re.findall(rf"{suite.intake}/go/[\w-]+", mail["text"])[0]
    with camera.window() as page:
        page.goto(link)
        camera.shoot(page, "link-draft")
        page.locator("button[value=quiet]").click()
        camera.shoot(page, "saved-quiet")
    with camera.window() as page:
        page.goto(f"{suite.intake}/start")
        fill(page, {"proposer_kind": "partner"})
        page.locator(GO_ON).click()
        page.goto(f"{suite.intake}/draft/delete")
        page.locator("form[action$='/delete'] button").click()
        camera.shoot(page, "deleted")


def _sent(camera: Camera, page: Page, answers: dict[str, Any], kind: str) -> str:
    page.locator("main .button").first.click()
    camera.shoot(page, f"check-{kind}")
    if kind == "partner":
        _wrong(camera, page, "check")
    fill(page, answers)
    page.locator(GO_ON).click()
    camera.shoot(page, f"receipt-{kind}")
    return page.locator("main b.big").inner_text()


def by_mail(camera: Camera, suite: Suite, reference: str, *, kind: str) -> None:
    """The mailed link and its status page; `kind` names the state."""
    mail = suite.mail(reference, f"{suite.intake}/go/")
    link = re.findall(rf"{suite.intake}/go/[\w-]+", mail["text"])[0]
    with camera.window(script=kind != "no-script") as page:
        page.goto(link)
        camera.shoot(page, f"link-{kind}")
        page.locator(GO_ON).click()
        camera.shoot(page, f"status-{kind}")


def mailbox(camera: Camera, suite: Suite, *, kind: str) -> None:
    """The development mailbox and, if it has mail, one mail of each subject."""
    with camera.window() as page:
        page.goto(suite.mailbox)
        camera.shoot(page, f"mailbox-{kind}")
        if kind == "empty":
            return
        page.goto(f"{suite.mailbox}/?q=nothing-is-called-so")
        camera.shoot(page, "mailbox-no-match")
        for number, words in enumerate(
            ("received your idea", "Yes to your idea", "Your link", "New idea", "Your draft"),
            start=1,
        ):
            page.goto(f"{suite.mailbox}/?q={words}")
            if page.locator("main ol a").count():
                page.locator("main ol a").first.click()
                camera.shoot(page, f"mailbox-mail-{number}")
