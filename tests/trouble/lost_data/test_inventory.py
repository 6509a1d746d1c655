"""Two services that disagree about what there is say so, with the command that mends it."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from services.intake.models import Proposal
from services.notify import delivery_status
from services.notify.models import Mail
from services.review.monitoring import service_status
from shared import db
from shared.restore import announcements, inventory
from shared.tables import LoopRow, PartnerInventory, StatusReportRow, Tombstone, now
from shared.worker import leases, status_report
from tests.apps import on_sqlite
from tests.factories import an_event, rows
from tests.fakes import carry, take
from tests.review.mails import requested_mails
from tests.review.office import hire, signed_in, submitted, visit
from tests.trouble.lost_data.copies import announce, back_up, put_back

pytestmark = on_sqlite
PAUSE = timedelta(minutes=1)


def pass_time(apps: dict[str, Flask]) -> None:
    """Make all that was compared or sent so far a minute older."""
    for app in apps.values():
        with app.app_context(), db.begin() as session:
            for row in session.query(PartnerInventory):
                row.compared_at -= PAUSE
            for sent in session.query(StatusReportRow).filter_by(name=inventory.ROW):
                sent.at -= PAUSE


def compare(apps: dict[str, Flask], *, times: int = 2, starting: bool = False) -> int:
    """The turns of the status reports of so many minutes; returns the number of inventories."""
    sent = 0
    for _ in range(times):
        for service, app in apps.items():
            app.config["TELL_EVERY"] = "0"
            with app.app_context():
                hold = app.extensions["hold"]
                sent += inventory.send_if_due(hold, service=service, starting=starting)
        carry(apps)
        pass_time(apps)
    return sent


def ready(app: Flask) -> tuple[int, dict[str, dict[str, str]]]:
    """The status of /readyz, and the parts that are broken."""
    with app.app_context(), db.begin() as session:
        session.merge(LoopRow(name="relay", seen_at=now()))
        leases.renew(session)
    answer = app.test_client().get("/readyz")
    parts = answer.json["parts"].items()
    return answer.status_code, {name: part for name, part in parts if part["state"] == "broken"}


def lose_four(apps: dict[str, Flask], folder: Path) -> None:
    """Put review back to a copy from before four proposals, as somebody who reads nothing does."""
    copies = back_up(apps, folder)
    for _ in range(4):
        submitted(apps)
    only_files = dict.fromkeys(["review"], apps["review"])
    put_back(only_files, copies, ["review"])
    carry(apps)


def test_a_review_that_lost_proposals_is_not_ready_and_names_the_command(
    apps: dict[str, Flask], tmp_path: Path
):
    submitted(apps)
    lose_four(apps, tmp_path / "copies")

    compare(apps, starting=True)
    status, parts = ready(apps["review"])

    assert status == 503
    part = parts["data_held_by_intake"]
    assert "4 proposals" in part["detail"]
    assert part["command"] == "flask --app services.intake announce"
    assert [ready(apps[service])[0] for service in ("intake", "notify")] == [200, 200]


def test_the_command_that_it_names_mends_it(apps: dict[str, Flask], tmp_path: Path):
    lose_four(apps, tmp_path / "copies")
    compare(apps, starting=True)
    assert ready(apps["review"])[0] == 503

    for partner in ("intake", "notify"):
        announce(apps[partner])
    carry(apps)
    compare(apps)

    assert ready(apps["review"]) == (200, {})
    assert compare(apps, times=1) == 0  # at rest there is one a day


def test_one_difference_alone_is_no_alarm(apps: dict[str, Flask], tmp_path: Path):
    lose_four(apps, tmp_path / "copies")
    compare(apps, times=1, starting=True)
    assert ready(apps["review"])[0] == 200


def test_services_that_agree_are_ready(apps: dict[str, Flask]):
    submitted(apps)
    compare(apps, starting=True)
    assert [ready(app)[0] for app in apps.values()] == [200, 200, 200]


def test_mail_about_no_proposal_makes_no_difference_to_intake(apps: dict[str, Flask]):
    hire(apps["review"], "admin")
    event = an_event("mail.changed.v1", proposal_id=None, mail_id=uuid4())
    for consumer in ("intake", "review"):
        take(apps[consumer], event, queue=f"{consumer}.from-notify.v1")
    compare(apps, starting=True)
    assert ready(apps["intake"])[0] == 200


def test_a_partner_announces_again_once_the_restored_service_runs(
    apps: dict[str, Flask], tmp_path: Path
):
    copies = back_up(apps, tmp_path / "copies")
    put_back(apps, copies, ["intake"])
    late = an_event("proposal.changed.v1", known_case=None)  # was on its way during the restore
    take(apps["review"], late)
    compare(apps, starting=True)

    for _ in range(2):
        with apps["review"].app_context():
            announced = apps["review"].extensions["announced"]
            told = announcements.answer_restores(announced, beat=lambda: None)
        carry(apps)

    assert len(rows(apps["intake"], Proposal)) == 1
    assert told == 0  # once


@pytest.mark.parametrize("restored", ["intake", "notify"])
def test_the_other_two_are_found_out_too(apps: dict[str, Flask], restored: str, tmp_path: Path):
    copies = back_up(apps, tmp_path / "copies")
    submitted(apps)
    with apps["notify"].app_context(), db.begin() as session:
        session.execute(update(Mail).values(created_at=now() - PAUSE))
        delivery_status.announce_waiting(session)
    carry(apps)
    put_back({restored: apps[restored]}, copies, [restored])

    compare(apps, starting=True)
    status, parts = ready(apps[restored])

    assert status == 503
    assert "data_held_by_review" in parts


def test_operations_and_a_mail_say_what_is_missing(apps: dict[str, Flask], tmp_path: Path):
    lose_four(apps, tmp_path / "copies")
    hire(apps["review"], "admin")
    compare(apps, starting=True)
    with apps["review"].app_context():
        status_report.report(service="review", deliver=service_status.record_status)

    page = visit(signed_in(apps["review"], "admin"), "/operations")
    assert "intake has 4 " in page.text() and "4 proposals" in page.text()
    assert "flask --app services.intake announce" in page.text()
    (alarm,) = requested_mails(apps["review"], "alarm")
    assert "4 proposals" in alarm["variables"]["missing"]
    assert alarm["variables"]["mend"] == "flask --app services.intake announce"


def test_an_inventory_of_many_things_is_as_small_as_one_of_few(apps: dict[str, Flask]):
    with apps["intake"].app_context():
        with db.begin() as session:
            session.add_all(Tombstone(subject_id=uuid4()) for _ in range(2000))
        with db.read() as session:
            erasures = inventory.common(session, now())["erasures"]
    assert sum(count for count, _ in erasures.values()) == 2000
    assert len(erasures) <= 256
