"""An administrator has an event tried again in a real browser, and it takes effect."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from services.notify.models import Mail
from shared import db
from shared.tables import DeferredEvent, ProfileVersion
from tests.apps import EXAMPLE, on_sqlite
from tests.browser.windows import follow, window
from tests.factories import an_event, rows
from tests.fakes import carry, retry, take
from tests.review.browser import check_page, serving, sign_in
from tests.review.office import hire
from tests.review.services_data import report_services, unknown_profile_version

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@on_sqlite
def test_a_failed_event_is_retried_and_becomes_a_mail(apps: dict[str, Flask], chromium: Browser):
    review, notify, late = apps["review"], apps["notify"], unknown_profile_version()
    take(notify, an_event("mail.requested.v1", profile_version=late))
    with notify.app_context(), db.begin() as session:
        session.execute(update(DeferredEvent).values(state="parked"))
    report_services(apps)
    assert rows(notify, Mail) == []
    with notify.app_context(), db.begin() as session:
        session.add(ProfileVersion(version=late, body=EXAMPLE))
    with serving(review) as address, window(chromium) as page:
        sign_in(page, address, hire(review, "admin"))
        page.goto(f"{address}/operations")
        expect(page.get_by_text("What it refers to never arrived")).to_be_visible()
        check_page(page, scripts=True)
        follow(page.get_by_role("button", name="Retry"))
        expect(page.get_by_text("The event is being retried")).to_be_visible()
        carry(apps)
        retry(notify)
        report_services(apps)
        page.goto(f"{address}/operations")
        expect(page.get_by_text("An event that a service can’t process")).to_be_visible()
    assert len(rows(notify, Mail)) == 1
