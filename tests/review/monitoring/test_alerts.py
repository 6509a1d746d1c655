"""Administrators are mailed about what needs a person: each of them, once a cause and day."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from services.notify.models import Mail
from services.review import labels
from services.review.models import ServiceStatus, Staff
from services.review.monitoring import service_status
from shared import db
from shared.tables import LoopRow, StatusReportRow, now
from shared.worker import status_report
from tests.apps import on_sqlite
from tests.factories import an_event, rows
from tests.fakes import carry, take
from tests.review.mails import requested_mails
from tests.review.office import hire, signed_in, visit
from tests.review.services_data import failed_event, report_services

CAUSES = ("parked", "mail_waits", "events_wait", "trouble", "silent", "missing")
WELL: dict[str, Any] = {"waiting": 0, "oldest_at": None, "put_off": 0, "parked": 0,
                        "parked_events": [], "troubles": [], "mail": None}  # fmt: skip


def ago(**time: int) -> str:
    return (now() - timedelta(**time)).isoformat()


def mail(**changes: Any) -> dict[str, Any]:
    queue = {"waiting": 1, "oldest_at": None, "in_doubt": 0, "suppressed": 0, "stopped": False,
             "only_to": [], "hosts": []}  # fmt: skip
    return {"mail": queue | changes}


def host(**changes: Any) -> dict[str, Any]:
    known = {"host": "hospital.example", "waiting": 1, "put_off": 1, "sent": 0, "oldest_at": None}
    return mail(hosts=[known | changes])


def receive_status(review: Flask, version: int, *, service: str = "notify", **state: Any) -> None:
    """review hears that a service stands like this."""
    take(review, an_event("service.changed.v1", service=service, version=version,
                          **{**WELL, "changed_at": ago(), **state}))  # fmt: skip


def review_tells(review: Flask) -> None:
    """One turn of review's own loop, as if it had told nothing for a while."""
    with review.app_context():
        with db.begin() as session:
            session.execute(update(StatusReportRow).values(sha256=b""))
        status_report.report(service="review", deliver=service_status.record_status)


def causes(review: Flask) -> list[dict[str, str]]:
    """Of each alarm that was asked for what it is about."""
    variables = [mail["variables"] for mail in requested_mails(review, "alarm")]
    return [{name: said[name] for name in CAUSES if said[name]} for said in variables]


def make_alerts_a_day_older(review: Flask) -> None:
    """What was mailed was mailed yesterday."""
    with review.app_context(), db.begin() as session:
        for view in session.query(ServiceStatus):
            view.alarmed = {name: ["2026-01-01", number] for name, (_, number)
                            in view.alarmed.items()}  # fmt: skip


def test_every_active_administrator_is_mailed_once(apps: dict[str, Flask]):
    review, notify = apps["review"], apps["notify"]
    for name in ("Ada Admin", "Second Admin", "Former Admin"):
        hire(review, "admin", name=name)
    hire(review, "lead")
    with review.app_context(), db.begin() as session:
        session.execute(update(Staff).where(Staff.name == "Former Admin").values(active=False))
    for _ in range(3):
        failed_event(notify)
        report_services(apps)
    carry(apps)
    alarms = rows(notify, Mail, Mail.kind == "alarm")
    assert sorted(alert.recipient for alert in alarms) == [
        "ada.admin@office.example",
        "second.admin@office.example",
    ]
    assert b"Failed events in notify: 1." in alarms[0].rendered


@on_sqlite
@pytest.mark.parametrize(
    ("state", "about"),
    [
        (WELL, None),
        (mail(oldest_at=ago(minutes=30)), None),
        (mail(oldest_at=ago(minutes=61)), {"mail_waits": "yes"}),
        (mail(oldest_at=ago(hours=9), stopped=True), None),
        (host(oldest_at=ago(minutes=61)), {"mail_waits": "yes"}),
        (host(oldest_at=ago(minutes=61), sent=3), None),
        ({"waiting": 9, "oldest_at": ago(minutes=61)}, {"events_wait": "yes"}),
        ({"put_off": 9}, None),
        ({"parked": 2}, {"parked": "2"}),
        (mail(oldest_at=ago(hours=2)) | {"parked": 2}, {"parked": "2", "mail_waits": "yes"}),
    ],
)
def test_only_work_that_waits_too_long_raises_an_alert(
    apps: dict[str, Flask], state: dict[str, Any], about: dict[str, str] | None
):
    review = apps["review"]
    hire(review, "admin")
    receive_status(review, 1, **state)
    assert causes(review) == ([about] if about else [])
    page = visit(signed_in(review, "admin"), "/operations").text()
    assert ("Needs attention" in page) == bool(about)
    for cause in about or ():
        assert labels.alert_cause(cause) in page


@on_sqlite
def test_the_time_before_an_alert_is_a_setting_and_in_the_mail(apps: dict[str, Flask]):
    review = apps["review"]
    review.config["ALARM_AFTER"] = "5"
    hire(review, "admin")
    receive_status(review, 1, **mail(oldest_at=ago(minutes=6)))
    assert [mail["variables"]["minutes"] for mail in requested_mails(review, "alarm")] == ["5"]


def test_a_cause_that_lasts_is_mailed_once_a_day_and_a_second_one_by_itself(
    apps: dict[str, Flask],
):
    review = apps["review"]
    hire(review, "admin")
    waits = mail(oldest_at=ago(hours=2))
    for version in (1, 2, 3):
        receive_status(review, version, **waits)
    assert causes(review) == [{"mail_waits": "yes"}]
    receive_status(review, 4, **waits, parked=1)
    assert len(causes(review)) == 2
    make_alerts_a_day_older(review)
    receive_status(review, 5, **waits, parked=1)
    assert causes(review)[2:] == [{"mail_waits": "yes", "parked": "1"}]


@on_sqlite
def test_failed_events_raise_another_alert_only_if_their_number_grows(
    apps: dict[str, Flask],
):
    review = apps["review"]
    hire(review, "admin")
    receive_status(review, 1, parked=2)
    receive_status(review, 2, parked=5)  # the same day
    make_alerts_a_day_older(review)
    receive_status(review, 3, parked=5)
    assert causes(review) == [{"parked": "2"}, {"parked": "5"}]
    make_alerts_a_day_older(review)
    receive_status(review, 4, parked=5)
    receive_status(review, 5, parked=1)
    receive_status(review, 6, parked=2)
    assert causes(review)[2:] == [{"parked": "2"}]


@on_sqlite
@pytest.mark.parametrize(
    ("loop", "minutes", "about"),
    [
        ("bounces", 61, [{"trouble": "bounces"}]),
        ("bounces", 30, []),
        ("relay", 61, []),  # without it no mail about it would go
    ],
)
def test_a_loop_that_has_been_in_trouble_for_long_is_mailed(
    apps: dict[str, Flask], loop: str, minutes: int, about: list[dict[str, str]]
):
    review = apps["review"]
    hire(review, "admin")
    receive_status(
        review, 1, troubles=[{"name": loop, "trouble": "one"}], changed_at=ago(minutes=minutes)
    )
    assert causes(review) == []
    receive_status(review, 2, troubles=[{"name": loop, "trouble": "another word of it"}])
    assert causes(review) == about
    receive_status(review, 3)
    receive_status(review, 4, troubles=[{"name": loop, "trouble": "one"}])
    assert causes(review) == about


@on_sqlite
def test_a_state_that_waited_for_the_broker_itself_raises_no_alarm(apps: dict[str, Flask]):
    review = apps["review"]
    hire(review, "admin")
    receive_status(review, 1, **mail(oldest_at=ago(hours=3)), changed_at=ago(minutes=20))
    assert causes(review) == []


def test_a_service_that_goes_silent_is_mailed_by_review(apps: dict[str, Flask]):
    review = apps["review"]
    hire(review, "admin")
    receive_status(review, 1, service="intake", changed_at=ago(minutes=59))
    review_tells(review)
    assert causes(review) == []
    receive_status(review, 2, service="intake", changed_at=ago(minutes=61))
    for _ in range(2):
        review_tells(review)
    assert [mail["variables"]["service"] for mail in requested_mails(review, "alarm")] == [
        "intake"
    ] * len(causes(review))
    assert causes(review) == [{"silent": "yes"}]


@on_sqlite
def test_review_reports_no_silent_service_while_it_is_cut_off(apps: dict[str, Flask]):
    review = apps["review"]
    hire(review, "admin")
    receive_status(review, 1, service="intake", changed_at=ago(minutes=61))
    with review.app_context(), db.begin() as session:
        session.add(LoopRow(name="consumer", seen_at=now(), trouble="the broker is away"))
    review_tells(review)
    assert causes(review) == []
