"""An administrator decides what becomes of events that a service has set apart."""

from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from services.notify.models import Mail
from services.review.models import ParkedEventAction
from shared import db
from shared.tables import DeferredEvent, ProfileVersion
from tests.apps import EXAMPLE, on_sqlite
from tests.factories import an_event, count, id_of, rows
from tests.fakes import carry, retry, take
from tests.intake.browsing import Page
from tests.review.office import post, press, signed_in, visit
from tests.review.services_data import failed_event, report_services, unknown_profile_version


def state_of(app: Flask, event_id: UUID) -> str:
    (row,) = rows(app, DeferredEvent, DeferredEvent.event_id == event_id)
    return str(row.state)


def decide(apps: dict[str, Flask], event_id: UUID, act: str, **typed: str) -> Page:
    client = signed_in(apps["review"], "admin")
    page = visit(client, "/operations")
    return press(client, page, f"/operations/notify/{event_id}/{act}", **typed)


def test_an_event_that_is_tried_again_takes_effect_however_often_that_is_delivered(
    apps: dict[str, Flask],
):
    notify, late = apps["notify"], unknown_profile_version()
    event = an_event("mail.requested.v1", profile_version=late)
    take(notify, event)  # put off until the profile comes
    with notify.app_context(), db.begin() as session:
        session.execute(update(DeferredEvent).values(state="parked"))
        session.add(ProfileVersion(version=late, body=EXAMPLE))
    report_services(apps)
    assert decide(apps, id_of(event), "again").status == 303
    carry(apps, times=3)
    retry(notify)
    assert count(notify, Mail) == 1 and count(notify, DeferredEvent) == 0
    report_services(apps)
    page = visit(signed_in(apps["review"], "admin"), "/operations").text()
    assert "All systems running" in page
    assert "Admin Person retried it: mail.requested.v1 in notify" in page


def test_an_event_that_fails_again_comes_back_with_the_person_who_retried_it(
    apps: dict[str, Flask],
):
    notify = apps["notify"]
    event_id = failed_event(notify)
    report_services(apps)
    assert decide(apps, event_id, "again").status == 303
    client = signed_in(apps["review"], "admin")
    page = visit(client, "/operations")
    assert "notify has not responded yet" in page.text()
    assert not [form for form in page.forms if str(event_id) in form.action]
    carry(apps)
    assert state_of(notify, event_id) == "deferred"
    retry(notify)
    assert state_of(notify, event_id) == "parked"  # this release still does not know it
    report_services(apps)
    page = visit(client, "/operations")
    assert "Admin Person retried it" in page.text() and "it failed again" in page.text()
    assert len([form for form in page.forms if str(event_id) in form.action]) == 2


def test_a_late_decision_does_not_affect_a_handled_event(apps: dict[str, Flask]):
    notify, event = apps["notify"], an_event("mail.requested.v1")
    take(notify, event)
    elsewhere = failed_event(notify)
    for about, service in ((id_of(event), "notify"), (uuid4(), "notify"), (elsewhere, "intake")):
        answer = an_event("parked.settled.v1", event_id=about, service=service, answer="discard")
        for app in (notify, apps["intake"]):
            take(app, answer)
    assert count(notify, Mail) == 1
    assert state_of(notify, elsewhere) == "parked"
    assert count(apps["intake"], DeferredEvent) == 0


def test_the_second_decision_gets_a_notice_that_it_is_settled(apps: dict[str, Flask]):
    event_id = failed_event(apps["notify"])
    report_services(apps)
    late = signed_in(apps["review"], "admin", name="Late Admin")
    page = visit(late, "/operations")
    assert decide(apps, event_id, "discard", reason="Sent by a test.").status == 303
    carry(apps)
    report_services(apps)
    answer = press(late, page, f"/operations/notify/{event_id}/again")
    shown = visit(late, str(answer.response.headers["Location"]))
    assert "This event was already handled" in shown.text()
    carry(apps)
    assert state_of(apps["notify"], event_id) == "discarded"
    (deed,) = rows(apps["review"], ParkedEventAction)
    assert (deed.service, deed.event_id, deed.answer, deed.reason) == (
        "notify", event_id, "discard", "Sent by a test.",
    )  # fmt: skip


@on_sqlite
def test_an_invalid_reason_is_shown_again(apps: dict[str, Flask]):
    event_id = failed_event(apps["notify"])
    report_services(apps)
    typed = "A reason of many words. " * 20
    page = decide(apps, event_id, "discard", reason=typed)
    assert page.status == 422 and "Use at most 300 characters" in page.text()
    (form,) = [form for form in page.forms if form.action.endswith("/discard")]
    assert form.named("reason")[0].value == typed
    late = decide(apps, event_id, "discard", reason="Sent by a test.", csrf_token="x")
    assert late.status == 400 and "Sent by a test." in late.html


def test_an_event_that_is_discarded_stays_as_a_record_with_who_and_why(apps: dict[str, Flask]):
    event_id = failed_event(apps["notify"])
    report_services(apps)
    assert decide(apps, event_id, "discard", reason="Sent by a test.").status == 303
    carry(apps)
    (row,) = rows(apps["notify"], DeferredEvent)
    assert row.state == "discarded"
    assert row.reason == "discarded: Admin Person: Sent by a test."
    report_services(apps)
    assert str(event_id) not in visit(signed_in(apps["review"], "admin"), "/operations").html


@on_sqlite
def test_failed_events_of_review_itself_are_settled_at_once(apps: dict[str, Flask]):
    review = apps["review"]
    event = an_event(
        "proposal.changed.v1", proposal_id=uuid4(), profile_version=unknown_profile_version()
    )
    take(review, event)  # put off until the profile comes
    with review.app_context(), db.begin() as session:
        session.execute(update(DeferredEvent).values(state="parked"))
    report_services(apps)
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
    event_id = failed_event(apps["notify"])
    report_services(apps)
    client = signed_in(apps["review"], "admin")
    token = visit(client, "/operations").forms[0].named("csrf_token")[0].value
    at = path.format(event=event_id, other=uuid4())
    assert post(client, at, csrf_token=token, **typed).status == status
    carry(apps)
    assert state_of(apps["notify"], event_id) == "parked"
