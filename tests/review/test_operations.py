"""Administrators see how the services stand, and decide what becomes of events set apart."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from services.notify import hosts
from services.notify.models import Mail
from services.review import operations
from services.review.models import ServiceView
from shared import db, upkeep
from shared.events import SERVICES
from shared.tables import OutboxRow, WorkRow, now
from tests.apps import on_sqlite
from tests.factories import an_event, count, id_of, rows
from tests.fakes import carry, retry, take
from tests.intake.browsing import Page
from tests.review.office import post, press, received, signed_in, visit


def told(apps: dict[str, Flask]) -> None:
    """Every service tells how it stands, and review hears it."""
    more: dict[str, dict[str, Any]] = {"notify": {"mail": hosts.state}, "intake": {}}
    for service, given in (more | {"review": {"tell": operations.keep}}).items():
        with apps[service].app_context():
            upkeep.turn(**given)
    carry(apps)


def parked(app: Flask) -> UUID:
    """An event of a kind that this release does not know, set apart by this service."""
    event = an_event("mail.requested.v1", mail_id=uuid4(), kind="from_the_future",
                     dedupe_key=f"future:{uuid4()}")  # fmt: skip
    take(app, event)
    return id_of(event)


def state_of(app: Flask, event_id: UUID) -> str:
    (row,) = rows(app, WorkRow, WorkRow.event_id == event_id)
    return str(row.state)


def decide(apps: dict[str, Flask], event_id: UUID, act: str, **typed: str) -> Page:
    client = signed_in(apps["review"], "admin")
    page = visit(client, "/operations")
    return press(client, page, f"/operations/notify/{event_id}/{act}", **typed)


def test_an_idle_suite_is_told_to_be_well_and_then_says_nothing(apps: dict[str, Flask]):
    told(apps)
    page = visit(signed_in(apps["review"], "admin"), "/operations").text()
    assert "Everything moves. Nothing waits for a person." in page
    before = {service: count(apps[service], OutboxRow) for service in SERVICES}
    versions = {view.service: view.version for view in rows(apps["review"], ServiceView)}
    assert set(versions) == set(SERVICES)
    told(apps)
    assert {service: count(apps[service], OutboxRow) for service in SERVICES} == before
    assert versions == {view.service: view.version for view in rows(apps["review"], ServiceView)}


def test_an_event_set_apart_stands_there_with_its_reason_and_without_its_secrets(
    apps: dict[str, Flask],
):
    event_id = parked(apps["notify"])
    told(apps)
    page = visit(signed_in(apps["review"], "admin"), "/operations")
    assert "this release knows no such kind of mail" in page.text()
    assert str(event_id) in page.html and "from_the_future" in page.html
    for hidden in ("Dolores", "hospital.example", "/go/"):
        assert hidden not in page.html


def test_an_event_that_is_tried_again_takes_effect_once_it_can(apps: dict[str, Flask]):
    notify = apps["notify"]
    event_id = parked(notify)
    told(apps)
    assert decide(apps, event_id, "again").status == 303
    carry(apps)
    assert state_of(notify, event_id) == "deferred"
    retry(notify)
    assert state_of(notify, event_id) == "parked"  # this release still does not know it
    told(apps)
    assert str(event_id) in visit(signed_in(apps["review"], "admin"), "/operations").html


def test_an_event_that_is_discarded_stays_as_a_record_with_who_and_why(apps: dict[str, Flask]):
    event_id = parked(apps["notify"])
    told(apps)
    assert decide(apps, event_id, "discard", reason="Sent by a test.").status == 303
    carry(apps)
    (row,) = rows(apps["notify"], WorkRow)
    assert row.state == "discarded"
    assert row.reason == "discarded: Admin Person: Sent by a test."
    told(apps)
    assert str(event_id) not in visit(signed_in(apps["review"], "admin"), "/operations").html


@on_sqlite
def test_what_review_itself_has_set_apart_is_settled_at_once(apps: dict[str, Flask]):
    review = apps["review"]
    event = an_event("proposal.changed.v1", proposal_id=uuid4(), profile_version="0" * 64)
    take(review, event)  # put off until the profile comes
    with review.app_context(), db.begin() as session:
        session.execute(update(WorkRow).values(state="parked"))
    told(apps)
    client = signed_in(review, "admin")
    page = visit(client, "/operations")
    assert press(client, page, f"/operations/review/{id_of(event)}/again").status == 303
    assert state_of(review, id_of(event)) == "deferred"


@on_sqlite
@pytest.mark.parametrize(
    ("path", "typed", "status"),
    [
        ("/operations/notify/{event}/discard", {}, 422),
        ("/operations/notify/{event}/discard", {"reason": "x" * 400}, 422),
        ("/operations/notify/nonsense/again", {}, 404),
        ("/operations/mars/{event}/again", {}, 404),
        ("/operations/notify/{other}/again", {}, 303),
    ],
)
def test_a_decision_that_makes_no_sense_changes_nothing(
    apps: dict[str, Flask], path: str, typed: dict[str, str], status: int
):
    event_id = parked(apps["notify"])
    told(apps)
    client = signed_in(apps["review"], "admin")
    token = visit(client, "/operations").forms[0].named("csrf_token")[0].value
    at = path.format(event=event_id, other=uuid4())
    assert post(client, at, csrf_token=token, **typed).status == status
    carry(apps)
    assert state_of(apps["notify"], event_id) == "parked"


@on_sqlite
def test_a_service_that_has_gone_silent_is_not_said_to_work(apps: dict[str, Flask]):
    told(apps)
    with apps["review"].app_context(), db.begin() as session:
        long_ago = now() - operations.SILENT_AFTER - timedelta(minutes=1)
        session.execute(update(ServiceView).values(changed_at=long_ago))
    page = visit(signed_in(apps["review"], "admin"), "/operations").text()
    assert page.count("Silent") == len(SERVICES)
    assert "Everything moves" not in page


@on_sqlite
def test_before_any_service_has_spoken_the_page_says_so(apps: dict[str, Flask]):
    page = visit(signed_in(apps["review"], "admin"), "/operations").text()
    assert page.count("Not heard of yet") == len(SERVICES)


def test_mail_is_shown_by_domain_and_doubt_by_reference(apps: dict[str, Flask]):
    (reference,) = received(apps["review"])
    carry(apps, times=2)  # the alert to the office waits in notify
    told(apps)
    case = rows(apps["review"], ServiceView, ServiceView.service == "notify")[0].body["mail"]
    assert case["waiting"] == count(apps["notify"], Mail) > 0
    page = visit(signed_in(apps["review"], "admin"), "/operations").text()
    assert case["hosts"][0]["host"] in page and reference not in page
    runner = apps["notify"].test_cli_runner()
    assert case["hosts"][0]["host"] in runner.invoke(args=["mail", "hosts"]).output


def test_every_administrator_is_mailed_once_a_day_about_what_was_set_apart(
    apps: dict[str, Flask],
):
    signed_in(apps["review"], "admin")
    signed_in(apps["review"], "admin", name="Second Admin")
    signed_in(apps["review"], "lead")
    for _ in range(3):
        parked(apps["notify"])
        told(apps)
    carry(apps)
    alarms = rows(apps["notify"], Mail, Mail.kind == "alarm")
    assert sorted(mail.recipient for mail in alarms) == [
        "admin.person@office.example",
        "second.admin@office.example",
    ]
