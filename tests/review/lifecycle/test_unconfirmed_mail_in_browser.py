"""A letter in doubt, settled by a person in a real browser: from the broken line to "Confirmed"."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from services.notify.models import Mail
from tests.apps import on_sqlite
from tests.browser.windows import follow, window
from tests.factories import rows, send_proposal
from tests.fakes import carry
from tests.notify.mailing import QUICK, sender, until
from tests.review.browser import check_page, serving, sign_in
from tests.review.office import case_of, do, hire, signed_in
from tests.smtp_sink import sink
from tests.smtp_sink.server import in_order

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def the_letter(notify: Flask) -> Mail:
    stored: list[Mail] = rows(notify, Mail, Mail.kind == "decision")
    assert len(stored) == 1
    return stored[0]


@on_sqlite
def test_a_person_says_that_the_letter_arrived(apps: dict[str, Flask], chromium: Browser):
    review, notify = apps["review"], apps["notify"]
    case = send_proposal(apps["intake"])
    carry(apps)
    with sink() as mail_server:
        notify.config.update(QUICK, SMTP_URL=mail_server.url)
        with sender(notify):
            until(lambda: all(mail.state == "sent" for mail in rows(notify, Mail)))
            director = signed_in(review, "director", name="Dina Rector")
            assert do(director, case, "decision", kind="accept").status == 303
            carry(apps, times=2)  # somebody hears that a letter waits
            until(lambda: all(mail.state == "sent" for mail in rows(notify, Mail)))
            mail_server.choose = in_order([("dot", "keep, then drop")])
            assert do(director, case, "letter/release").status == 303
            carry(apps, times=2)
            until(lambda: the_letter(notify).state == "in_doubt")
    carry(apps, times=2)
    email = hire(review, "triage", name="Tara Lindqvist")
    with serving(review) as address, window(chromium) as page:
        sign_in(page, address, email)
        page.goto(f"{address}/cases/{case}#mails")
        expect(page.get_by_text("Check with the recipient")).to_be_visible()
        check_page(page, scripts=True)
        follow(page.get_by_role("button", name="Mark as delivered"))
        expect(page.get_by_text("Email marked as delivered.")).to_be_visible()
        carry(apps, times=2)
        page.reload()
        expect(page.locator("#mails").get_by_text("Delivered", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Mark as delivered")).to_have_count(0)
    assert (the_letter(notify).state, case_of(review, case).state) == ("settled", "accepted")
    assert mail_server.count(the_letter(notify).message_id[1:-1]) == 1
