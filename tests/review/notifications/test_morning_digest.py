"""What one of us does not want at once comes in the morning, all in one: not at night, not twice,
and nothing that is over.
"""

import threading
from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import Flask

from services.notify.models import Mail
from services.review import timers
from services.review.models import Case, DigestItem, Staff
from shared import db
from shared.tables import now
from tests.apps import on_sqlite
from tests.factories import an_event, count, rows
from tests.fakes import carry, take
from tests.review.mails import requested_mails, with_preferences
from tests.review.office import (
    CHANGED,
    PROFILE,
    case_of,
    change_staff,
    do,
    hire,
    member,
    received,
    signed_in,
)

ZONE = ZoneInfo(PROFILE.time_zone)


def opens(day: date, *, minutes: int = 0) -> datetime:
    """So long after the office opens."""
    return datetime.combine(day, time(8), ZONE) + timedelta(minutes=minutes)


def greets(app: Flask, at: datetime) -> int:
    """What the loop does at this moment."""
    with app.app_context():
        return timers.morning_turn(at)


def next_morning(app: Flask) -> date:
    """The day on which all that waits is told."""
    days: set[date] = {row.tell_on for row in rows(app, DigestItem)}
    (day,) = days
    return day


def handed_over(app: Flask, case: str, *, to: str) -> None:
    clerk = signed_in(app, "triage")
    answer = do(clerk, case, "hand-over", to=str(member(app, to).id), reason="Hers.")
    assert answer.status == 303, answer.text()


def test_mails_chosen_for_the_morning_arrive_as_one_digest(
    apps: dict[str, Flask],
):
    review = apps["review"]
    first, second = received(review, 2)
    with_preferences(
        review, "lead", name="Lena Ortiz", assigned="morning", decision_waiting="morning"
    )
    lena = "lena.ortiz@office.example"
    for case in (first, second):
        handed_over(review, case, to=lena)
    do(signed_in(review, "triage"), second, "decision", kind="accept")
    assert requested_mails(review, "assigned") == requested_mails(review, "decision_waiting") == []
    day = next_morning(review)
    assert greets(review, opens(day, minutes=-1)) == 0
    assert greets(review, opens(day)) == 1
    (mail,) = requested_mails(review, "staff_news")
    mail_variables = mail["variables"]
    assert (mail["to_address"], mail["proposal_id"], mail["reference"]) == (lena, None, "")
    titles = {case: case_of(review, case).title for case in (first, second)}
    assert mail_variables["assigned"].split("\n") == [
        f"- {titles[case]} ({case})" for case in (first, second)
    ]
    assert mail_variables["decision_waiting"] == f"- {titles[second]} ({second})"
    assert (mail_variables["number"], mail_variables["mail_failed"]) == ("2", "")
    assert greets(review, opens(day, minutes=2)) == 0
    assert count(review, DigestItem) == 0


def test_without_a_choice_mails_come_at_once(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    lena = hire(review, "lead", name="Lena Ortiz")
    handed_over(review, case, to=lena)
    assert [mail["to_address"] for mail in requested_mails(review, "assigned")] == [lena]
    assert count(review, DigestItem) == 0


def test_the_digest_links_to_the_page_with_the_choices(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    with_preferences(review, "lead", name="Lena Ortiz", assigned="morning")
    handed_over(review, case, to="lena.ortiz@office.example")
    greets(review, opens(next_morning(review)))
    carry(apps, times=2)
    (mail,) = rows(apps["notify"], Mail, Mail.kind == "staff_news")
    assert (mail.recipient, mail.state) == ("lena.ortiz@office.example", "queued")
    page = review.config["REVIEW_URL"].rstrip("/") + "/account"
    assert f"List-Unsubscribe: <{page}>\r\n".encode() in mail.rendered
    assert case.encode() in mail.rendered


def test_items_that_no_longer_apply_are_not_in_the_digest(apps: dict[str, Flask]):
    review = apps["review"]
    discarded, withdrawn, given_away, left = received(review, 4)
    wishes = dict.fromkeys(("assigned", "decision_waiting"), "morning")
    with_preferences(review, "lead", name="Lena Ortiz", **wishes)
    lena, clerk = "lena.ortiz@office.example", signed_in(review, "triage", name="Tara Lindqvist")
    do(clerk, discarded, "decision", kind="accept")
    do(clerk, discarded, "letter/discard", reason="We talk first.")
    for case in (withdrawn, given_away, left):
        handed_over(review, case, to=lena)
    gone = case_of(review, withdrawn)
    take(review, an_event(CHANGED, proposal_id=gone.proposal_id, reference=gone.reference,
                          version=9, state="withdrawn"))  # fmt: skip
    handed_over(review, given_away, to="tara.lindqvist@office.example")
    day = next_morning(review)
    assert greets(review, opens(day)) == 1
    mail_variables = requested_mails(review, "staff_news")[0]["variables"]
    assert (mail_variables["number"], mail_variables["decision_waiting"]) == ("1", "")
    assert left in mail_variables["assigned"] and "\n" not in mail_variables["assigned"]


def test_a_digest_without_applicable_items_is_not_sent(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    with_preferences(review, "lead", name="Lena Ortiz", decision_waiting="morning")
    clerk = signed_in(review, "triage")
    do(clerk, case, "decision", kind="accept")
    do(clerk, case, "letter/discard", reason="We talk first.")
    assert greets(review, opens(next_morning(review))) == 0
    assert count(review, DigestItem) == 0


def test_the_digest_leaves_out_cases_that_are_no_longer_visible(apps: dict[str, Flask]):
    review = apps["review"]
    passed, stays = received(review, 2)
    with_preferences(review, "lead", name="Lena Ortiz", decision_waiting="morning")
    clerk = signed_in(review, "triage")
    for case in (passed, stays):
        do(clerk, case, "decision", kind="accept")
    with review.app_context(), db.begin() as session:
        session.query(Staff).filter_by(name="Lena Ortiz").update({"office": "main"})
        session.query(Case).filter_by(reference=passed.replace("-", "")).update(
            {"office": "regional"}
        )
    assert greets(review, opens(next_morning(review))) == 1
    mail_variables = requested_mails(review, "staff_news")[0]["variables"]
    assert (
        stays in mail_variables["decision_waiting"]
        and passed not in mail_variables["decision_waiting"]
    )


def test_a_deactivated_person_gets_no_digest(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    with_preferences(review, "lead", name="Lena Ortiz", assigned="morning")
    handed_over(review, case, to="lena.ortiz@office.example")
    day = next_morning(review)
    change_staff(review, "lena.ortiz@office.example", active=False)
    assert greets(review, opens(day)) == 0
    assert requested_mails(review, "staff_news") == [] and count(review, DigestItem) == 0


def test_a_message_for_a_deactivated_owner_goes_to_the_office(
    apps: dict[str, Flask],
):
    review = apps["review"]
    (case,) = received(review)
    with_preferences(review, "triage", name="Tara Lindqvist", post_from_proposer="morning")
    handed_over(review, case, to="tara.lindqvist@office.example")
    change_staff(review, "tara.lindqvist@office.example", active=False)
    about = case_of(review, case)
    take(review, an_event("post.added.v1", proposal_id=about.proposal_id, side="proposer"))
    (mail,) = requested_mails(review, "post_from_proposer")
    assert mail["to_address"] == PROFILE.office(about.office)["contact"]["email"]


def test_many_messages_about_one_case_are_one_line_in_the_morning(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    with_preferences(review, "triage", name="Tara Lindqvist", post_from_proposer="morning")
    handed_over(review, case, to="tara.lindqvist@office.example")
    about = case_of(review, case)
    for hour in (1, 5, 9):
        take(review, an_event("post.added.v1", proposal_id=about.proposal_id, side="proposer",
                              said_at=(now() + timedelta(hours=hour)).isoformat(),
                              post_id=uuid4()))  # fmt: skip
    assert greets(review, opens(next_morning(review))) == 1
    mail_variables = requested_mails(review, "staff_news")[0]["variables"]
    assert mail_variables["post_from_proposer"].count(case) == 1


def test_several_workers_at_once_send_each_digest_once(apps: dict[str, Flask]):
    review = apps["review"]
    cases = received(review, 4)
    with_preferences(review, "lead", name="Lena Ortiz", assigned="morning")
    for case in cases:
        handed_over(review, case, to="lena.ortiz@office.example")
    day = next_morning(review)
    turns = [threading.Thread(target=greets, args=(review, opens(day))) for _ in range(4)]
    for turn in turns:
        turn.start()
    for turn in turns:
        turn.join()
    (mail,) = requested_mails(review, "staff_news")
    assert mail["variables"]["number"] == "4"


@on_sqlite
def test_a_long_digest_lists_only_the_first_items(apps: dict[str, Flask]):
    review = apps["review"]
    with_preferences(review, "lead", name="Lena Ortiz", assigned="morning")
    for case in received(review, 23):
        handed_over(review, case, to="lena.ortiz@office.example")
    greets(review, opens(next_morning(review)))
    mail_variables = requested_mails(review, "staff_news")[0]["variables"]
    lines = mail_variables["assigned"].split("\n")
    assert (mail_variables["number"], len(lines), lines[-1]) == ("23", 21, "- … +3")
