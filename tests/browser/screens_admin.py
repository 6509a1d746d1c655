"""The tour of an administrator: accounts and the state of the services."""

import re
from datetime import timedelta
from uuid import uuid4

from shared.tables import now
from tests.browser.screens_camera import Camera
from tests.browser.screens_office import SAVE, sign_in
from tests.browser.suite import ARRIVES_WITHIN, Suite
from tests.factories import an_event
from tests.fakes import take


def people(camera: Camera, suite: Suite) -> None:
    """Accounts: a colleague is invited, chooses a password, and later resets it."""
    email = "noor@office.example"
    with camera.window() as page:
        sign_in(page, suite, "admin")
        page.goto(f"{suite.review}/people")
        camera.shoot(page, "people")
        page.locator("form[action='/people/invite'] .button").click()
        camera.shoot(page, "people-error")
        page.fill("[name=name]", "Noor Haddad-Villanueva de la Torre")
        page.fill("[name=email]", email)
        page.select_option("aside [name=role]", "lead")
        page.locator("form[action='/people/invite'] .button").click()
        camera.shoot(page, "people-invited")
        page.locator("summary", has_text="Change").first.click()
        camera.shoot(page, "people-change")
    (link,) = re.findall(
        r"http\S+/password/\S+", suite.mail(email, "Your Overture account")["text"]
    )
    with camera.window() as page:
        page.goto(link)
        camera.shoot(page, "choose-password")
        page.fill("[name=new]", "short")
        page.locator(SAVE).click()
        camera.shoot(page, "choose-password-error")
        page.goto(f"{link}x")
        camera.shoot(page, "choose-password-too-late")
        page.goto(f"{suite.review}/password/forgotten")
        camera.shoot(page, "forgotten")
        page.fill("[name=email]", email)
        page.locator(SAVE).click()
        camera.shoot(page, "forgotten-asked")


def operations(camera: Camera, suite: Suite) -> None:
    """The services in good state, and with failed events."""
    notify = suite.apps["notify"]
    with camera.window() as page:
        sign_in(page, suite, "admin")
        for _ in range(int(ARRIVES_WITHIN * 5)):
            page.goto(f"{suite.review}/operations")
            if page.get_by_text("No report yet").count() == 0:
                break
            page.wait_for_timeout(200)
        camera.shoot(page, "operations-well")
        future = {"kind": "a_kind_of_mail_that_only_the_next_release_of_overture_knows"}
        for number in range(3):
            take(notify, an_event("mail.requested.v1", mail_id=uuid4(), dedupe_key=str(number),
                                  **future))  # fmt: skip
        take(notify, b"this is no event at all")
        for _ in range(int(ARRIVES_WITHIN * 5)):
            page.goto(f"{suite.review}/operations")
            if page.locator("article").count() == 4:
                break
            page.wait_for_timeout(200)
        page.locator("summary", has_text="Content (").first.click()
        page.locator("summary", has_text="Discard").first.click()
        camera.shoot(page, "operations-parked")
        page.locator("article form[action$=discard] .button").first.click()
        camera.shoot(page, "operations-error")
        page.locator("article form[action$=again] .button").first.click()
        camera.shoot(page, "operations-again")
        _in_trouble(suite)
        page.goto(f"{suite.review}/operations")
        camera.shoot(page, "operations-trouble")


def _in_trouble(suite: Suite) -> None:
    """intake does not report, a loop of notify hangs, and a domain accepts no mail."""
    long_ago = (now() - timedelta(hours=3)).isoformat()
    review, newest = suite.apps["review"], {"version": 2**31 - 1, "parked": 0, "parked_events": []}
    hosts = [
        {"host": host, "waiting": 1200, "put_off": 1200, "sent": 0, "oldest_at": long_ago}
        for host in ("hospital.example", "a-very-long-name-of-a-domain-that-nobody-reads.example")
    ]
    mail = {"waiting": 2400, "oldest_at": None, "in_doubt": 2, "suppressed": 1, "stopped": False,
            "only_to": [], "hosts": hosts}  # fmt: skip
    trouble = "IMAP: the server said NO to LOGIN, and so it did at each of the last forty tries"
    take(review, an_event("service.changed.v1", service="intake", changed_at=long_ago, mail=None,
                          waiting=31, oldest_at=long_ago, troubles=[], **newest))  # fmt: skip
    take(review, an_event("service.changed.v1", changed_at=now().isoformat(), mail=mail, **newest,
                          troubles=[{"name": "bounces", "trouble": trouble}]))  # fmt: skip
