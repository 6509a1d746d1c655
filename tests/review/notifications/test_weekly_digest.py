"""The week begins with a mail: how much is new, ours and late, each number a link to its list."""

from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.notify.models import Mail
from services.review import timers
from services.review.notifications import weekly_digest
from tests.apps import on_sqlite
from tests.factories import rows
from tests.fakes import carry
from tests.review.mails import recipients, requested_mails
from tests.review.office import (
    PROFILE,
    change_staff,
    do,
    hire,
    press,
    received,
    signed_in,
    visit,
)
from tests.review.queue_page import references_on

MONDAY = datetime(2026, 11, 16, 14, tzinfo=UTC)  # nine in the morning in New York


def week_begins(app: Flask, at: datetime = MONDAY) -> int:
    with app.app_context():
        return timers.weekly_turn(at)


def listed(client: FlaskClient, mail: dict[str, Any], name: str) -> list[str]:
    """The references in the list that a number of a digest links to."""
    address = urlsplit(mail["variables"][f"{name}_list"])
    return references_on(client, address.path, **dict(parse_qsl(address.query)))


def test_each_number_counts_the_list_that_it_links_to(apps: dict[str, Flask]):
    review = apps["review"]
    new, taken, drafted, decided = received(review, 4)
    director = signed_in(review, "director")
    do(director, taken, "take")
    for case in (drafted, decided):
        do(director, case, "decision", kind="accept")
    do(director, decided, "letter/release")
    week_begins(review)
    (mail,) = requested_mails(review, "staff_digest")
    mail_variables = mail["variables"]
    assert (mail_variables["new"], mail_variables["ours"], mail_variables["late"]) == (
        "1",
        "3",
        "3",
    )
    assert listed(director, mail, "new") == [new]
    assert set(listed(director, mail, "ours")) == {new, taken, drafted}
    assert set(listed(director, mail, "late")) == {new, taken, drafted}  # sent long ago by now


def test_what_is_due_in_the_future_is_not_late(apps: dict[str, Flask]):
    review = apps["review"]
    ahead = {name: "2099-12-01" for name in ("first_reply_by", "meeting_by", "decision_by")}
    (case,) = received(review, promises=ahead)
    client = signed_in(review, "triage")
    week_begins(review)
    (mail,) = requested_mails(review, "staff_digest")
    assert (mail["variables"]["ours"], mail["variables"]["late"]) == ("1", "0")
    assert (listed(client, mail, "ours"), listed(client, mail, "late")) == ([case], [])
    assert "Nothing is late" in visit(client, "/", due="late").text()


def test_each_person_gets_one_digest_a_week_about_visible_cases(apps: dict[str, Flask]):
    review = apps["review"]
    received(review, 2)
    here = hire(review, "triage", name="Main Person", office="main")
    hire(review, "triage", name="Regional Person", office="regional")  # who sees none of them
    director, auditor = hire(review, "director"), hire(review, "auditor")
    hire(review, "admin")  # who sets things up does not thereby see cases
    change_staff(review, hire(review, "lead"), active=False)
    assert week_begins(review) > 0
    assert week_begins(review) == week_begins(review, MONDAY.replace(hour=16)) == 0
    assert recipients(review, "staff_digest") == sorted([here, director, auditor])
    assert week_begins(review, datetime(2026, 11, 23, 14, tzinfo=UTC)) > 0
    assert len(requested_mails(review, "staff_digest")) == 6


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        (datetime(2026, 11, 15, 15, tzinfo=UTC), False),  # a Sunday
        (datetime(2026, 11, 16, 12, tzinfo=UTC), False),  # seven in the morning
        (datetime(2026, 11, 16, 13, tzinfo=UTC), True),
        (datetime(2026, 11, 16, 23, tzinfo=UTC), False),  # six in the evening
        (datetime(2026, 11, 17, 15, tzinfo=UTC), False),  # a Tuesday
        (datetime(2026, 9, 7, 15, tzinfo=UTC), False),  # Labor Day, a Monday
        (datetime(2026, 9, 8, 15, tzinfo=UTC), True),  # so that week begins on Tuesday
    ],
)
@on_sqlite
def test_it_leaves_on_the_first_working_day_in_working_hours(
    apps: dict[str, Flask], at: datetime, sent: bool
):
    review = apps["review"]
    received(review)
    hire(review, "triage")
    week_begins(review, at)
    assert len(requested_mails(review, "staff_digest")) == sent


def test_a_person_who_turned_the_digest_off_gets_none_until_turned_on(apps: dict[str, Flask]):
    review = apps["review"]
    received(review)
    client = signed_in(review, "triage")
    press(client, visit(client, "/account"), "/account/mail", staff_digest="never")
    week_begins(review)
    assert requested_mails(review, "staff_digest") == []
    press(client, visit(client, "/account"), "/account/mail", staff_digest="weekly")
    week_begins(review)
    assert len(requested_mails(review, "staff_digest")) == 1


def test_the_mail_has_a_link_a_number_and_says_how_to_stop_it(apps: dict[str, Flask]):
    review, notify = apps["review"], apps["notify"]
    received(review)
    hire(review, "triage")
    week_begins(review)
    carry(apps, times=2)
    (mail,) = rows(notify, Mail, Mail.kind == "staff_digest")
    assert (mail.state, mail.proposal_id) == ("queued", None)
    read = message_from_bytes(mail.rendered, policy=policy.default)
    plain, page = (read.get_body((part,)).get_content() for part in ("plain", "html"))
    for words in ("tab=triage&owner=nobody", "due=ours", "due=late"):
        assert words in plain
    assert page.count("<a ") == 4  # three numbers, the button
    assert "1 new and unassigned</a>" in page
    assert "You can turn it off on your account page." in plain
    assert read["List-Unsubscribe"] == f"<{review.config['REVIEW_URL'].rstrip('/')}/account>"


def test_a_week_without_a_working_day_begins_on_none():
    days = [date(2026, 12, 28), date(2026, 12, 29), date(2026, 12, 31), date(2027, 1, 1)]
    assert not any(weekly_digest.is_sent_on(PROFILE, day) for day in days)
    assert weekly_digest.is_sent_on(PROFILE, date(2027, 1, 4))
