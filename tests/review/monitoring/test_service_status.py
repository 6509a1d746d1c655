"""Administrators see how the services stand, and decide what becomes of events set apart."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from services.notify.models import Mail
from services.review.models import ServiceStatus
from services.review.monitoring import service_status
from shared import db
from shared.events import SERVICES
from shared.tables import OutboxRow, StatusReportRow, now
from shared.worker import status_report
from tests.apps import on_sqlite
from tests.factories import an_event, count, rows
from tests.fakes import carry, take
from tests.review.office import case_of, do, received, signed_in, visit
from tests.review.services_data import failed_event, report_services


def test_an_idle_suite_reports_once_that_all_is_well(apps: dict[str, Flask]):
    report_services(apps)
    page = visit(signed_in(apps["review"], "admin"), "/operations").text()
    assert "All systems running. Nothing needs attention." in page
    before = {service: count(apps[service], OutboxRow) for service in SERVICES}
    versions = {view.service: view.version for view in rows(apps["review"], ServiceStatus)}
    assert set(versions) == set(SERVICES)
    report_services(apps)
    assert {service: count(apps[service], OutboxRow) for service in SERVICES} == before
    assert versions == {view.service: view.version for view in rows(apps["review"], ServiceStatus)}


def test_a_failed_event_is_shown_with_its_reason_and_without_secrets(
    apps: dict[str, Flask],
):
    event_id = failed_event(apps["notify"])
    report_services(apps)
    page = visit(signed_in(apps["review"], "admin"), "/operations")
    assert "this release does not know this kind of mail" in page.text()
    assert str(event_id) in page.html and "from_the_future" in page.html
    for hidden in ("Dolores", "hospital.example", "/go/"):
        assert hidden not in page.html


def test_a_report_interrupted_by_a_kill_is_sent_after_the_restart(apps: dict[str, Flask]):
    review = apps["review"]

    def killed(session: Session, whole: dict[str, Any]) -> None:
        service_status.record_status(session, whole)
        session.flush()
        raise KeyboardInterrupt

    with review.app_context():
        with pytest.raises(KeyboardInterrupt):
            status_report.report(service="review", deliver=killed)
        assert count(review, ServiceStatus) == count(review, StatusReportRow) == 0
        status_report.report(service="review", deliver=service_status.record_status)
    assert count(review, ServiceStatus) == count(review, StatusReportRow) == 1


@on_sqlite
def test_the_oldest_failed_events_are_shown_and_all_are_counted(
    apps: dict[str, Flask],
):
    ids = [str(failed_event(apps["notify"])) for _ in range(status_report.MAX_PARKED + 3)]
    report_services(apps)
    page = visit(signed_in(apps["review"], "admin"), "/operations")
    assert sum(event_id in page.html for event_id in ids) == status_report.MAX_PARKED
    assert "notify has 3 more" in page.text()


@on_sqlite
def test_while_mail_is_stopped_the_page_does_not_say_that_all_runs(apps: dict[str, Flask]):
    apps["notify"].config["MAIL_STOPPED"] = "yes"  # for this service alone: the others know nothing
    report_services(apps)
    page = visit(signed_in(apps["review"], "admin"), "/operations").text()
    assert "A setting of notify has paused all mail." in page
    assert "All systems running" not in page


def test_a_mail_in_doubt_names_its_case_and_who_settles_it(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    proposal = case_of(review, case).proposal_id
    take(review, an_event("mail.changed.v1", mail_id=uuid4(), proposal_id=proposal, kind="decision",
                          state="in_doubt", version=3))  # fmt: skip
    report_services(apps)
    admin = signed_in(review, "admin")
    page = visit(admin, "/operations").text()
    assert case in page and "the case is unassigned" in page
    assert do(signed_in(review, "triage", name="Tara Lindqvist"), case, "take").status == 303
    assert "Tara Lindqvist" in visit(admin, "/operations").text()


@on_sqlite
def test_a_silent_service_is_not_shown_as_running(apps: dict[str, Flask]):
    report_services(apps)
    with apps["review"].app_context(), db.begin() as session:
        long_ago = now() - service_status.SILENT_AFTER - timedelta(minutes=1)
        session.execute(update(ServiceStatus).values(changed_at=long_ago))
    page = visit(signed_in(apps["review"], "admin"), "/operations").text()
    assert page.count("Not reporting") == len(SERVICES)
    assert "All systems running" not in page


@on_sqlite
def test_before_the_first_report_the_page_says_so(apps: dict[str, Flask]):
    page = visit(signed_in(apps["review"], "admin"), "/operations").text()
    assert page.count("No report yet") == len(SERVICES)


def test_mail_is_shown_by_domain_and_doubt_by_reference(apps: dict[str, Flask]):
    (reference,) = received(apps["review"])
    carry(apps, times=2)  # the alert to the office waits in notify
    report_services(apps)
    case = rows(apps["review"], ServiceStatus, ServiceStatus.service == "notify")[0].body["mail"]
    assert case["waiting"] == count(apps["notify"], Mail) > 0
    page = visit(signed_in(apps["review"], "admin"), "/operations").text()
    assert case["hosts"][0]["host"] in page and reference not in page
    runner = apps["notify"].test_cli_runner()
    assert case["hosts"][0]["host"] in runner.invoke(args=["mail", "hosts"]).output
