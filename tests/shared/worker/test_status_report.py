"""The status report of a service is one small event, however many events are parked."""

import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import update

from services.notify import timers
from services.review.models import ServiceStatus
from services.review.monitoring import service_status
from shared import db, outbox, strict_json
from shared.tables import DeferredEvent, OutboxRow, StatusReportRow, WorkerRow, now
from shared.worker import leases, status_report
from tests.apps import on_sqlite
from tests.factories import a_post, an_event, rows
from tests.fakes import FakeBroker, carry, relay, take

REPORTED = OutboxRow.event_type == "service.changed.v1"


def report_status(app: Flask, **options: Any) -> None:
    with app.app_context():
        status_report.report(service=app.config["SERVICE"], **options)


def something_happens(app: Flask) -> None:
    """An event more waits, which is news about this service."""
    with app.app_context(), db.begin() as session:
        outbox.add(session, "post.added.v1", a_post())


def reported_data(app: Flask) -> list[dict[str, Any]]:
    """What waits to leave, or has left and is kept."""
    stored = rows(app, OutboxRow, REPORTED)
    return [strict_json.loads(row.envelope)["data"] for row in stored if row.envelope]


def test_while_the_broker_is_away_one_state_waits_and_the_newest_follows(apps: dict[str, Flask]):
    intake = apps["intake"]
    for _ in range(4):
        something_happens(intake)
        report_status(intake)
    assert [one["waiting"] for one in reported_data(intake)] == [1]
    carry(apps)
    report_status(intake)
    assert [one["waiting"] for one in reported_data(intake)] == [0]
    carry(apps)
    (view,) = rows(apps["review"], ServiceStatus)
    assert view.body["waiting"] == 0


def test_a_confirmed_status_report_leaves_no_content_behind(apps: dict[str, Flask]):
    intake = apps["intake"]
    report_status(intake)
    assert relay(intake, FakeBroker()) == 1
    (row,) = rows(intake, OutboxRow, REPORTED)
    assert row.envelope == b""


def test_the_largest_status_report_fits_into_one_event(apps: dict[str, Flask]):
    notify = apps["notify"]
    said_by_a_stranger = {f"n{number}": ["x"] * 20 for number in range(100)}
    for _ in range(status_report.MAX_PARKED + 5):
        take(notify, an_event("mail.requested.v1", mail_id=uuid4(), kind=said_by_a_stranger))
    with notify.app_context(), db.begin() as session:
        session.execute(update(DeferredEvent).values(reason='\N{EURO SIGN}"\n' * 200))
    report_status(notify, mail=timers.mail_report)
    (event,) = reported_data(notify)
    assert event["parked"] == status_report.MAX_PARKED + 5
    assert len(event["parked_events"]) == status_report.MAX_PARKED
    assert all(one["payload"] and one["bytes"] > 1000 for one in event["parked_events"])
    (row,) = rows(notify, OutboxRow, REPORTED)
    assert len(row.envelope) < 200 * 1024


def test_unchanged_failed_events_are_not_reported_again(apps: dict[str, Flask]):
    notify = apps["notify"]
    for _ in range(3):
        take(notify, an_event("mail.requested.v1", mail_id=uuid4(), kind="future"))
    take(notify, b"no event at all")
    report_status(notify, mail=timers.mail_report)
    carry(apps)
    report_status(notify, mail=timers.mail_report)
    assert len(rows(notify, OutboxRow, REPORTED)) == 1


@on_sqlite
def test_reports_of_a_service_restored_from_a_backup_are_accepted(apps: dict[str, Flask]):
    intake, review = apps["intake"], apps["review"]
    report_status(intake)
    carry(apps)
    before = view_of(review, "intake")
    with intake.app_context(), db.begin() as session:
        older = {"version": before.version - 300, "at": now() - timedelta(days=3)}
        session.execute(update(StatusReportRow).values(older))
    time.sleep(1.1)  # a version is the second in which it was told
    report_status(intake)
    carry(apps)
    assert view_of(review, "intake").changed_at > before.changed_at


def view_of(review: Flask, service: str) -> ServiceStatus:
    (view,) = rows(review, ServiceStatus, ServiceStatus.service == service)
    assert isinstance(view, ServiceStatus)
    return view


@on_sqlite
def test_what_cannot_be_read_shows_its_size_alone(apps: dict[str, Flask]):
    notify = apps["notify"]
    take(notify, b"\xff" * 77)
    report_status(notify)
    (one,) = reported_data(notify)[0]["parked_events"]
    assert (one["event_type"], one["bytes"], one["payload"]) == ("", 77, "")
    assert UUID(one["event_id"])


def test_review_stores_its_own_report_without_an_event(apps: dict[str, Flask]):
    review = apps["review"]
    report_status(review, deliver=service_status.record_status)
    assert rows(review, OutboxRow, REPORTED) == []
    assert view_of(review, "review").body["parked"] == 0


def test_a_stopped_worker_and_a_log_without_room_are_reported(apps: dict[str, Flask]):
    with apps["intake"].app_context():
        with db.begin() as session:
            leases.renew(session, key=7, trouble="lines of the log were lost: No space left")
            leases.renew(session, key=8)
            session.execute(update(WorkerRow).values(process=WorkerRow.key))
            stopped = update(WorkerRow).where(WorkerRow.key == 8)
            session.execute(stopped.values(tick=WorkerRow.tick - 2 * leases.LEASE, pid=1234))
        with db.read() as session:
            found = status_report.collect(session, service="intake")["troubles"]
    assert [trouble["name"] for trouble in found] == ["worker", "log"]
    assert "no sign of life of process 1234" in found[0]["trouble"]
    assert "lines of the log were lost" in found[1]["trouble"]
