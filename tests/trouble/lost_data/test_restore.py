"""After a restore, partners give back what they hold; the rest is counted, and nothing repeats."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from services.intake.models import CaseView, Draft, Person, Proposal
from services.intake.models import Post as PostAtIntake
from services.notify.models import Mail
from services.review.models import Case, Letter, MailStatus, Post
from shared.events import SERVICES
from shared.tables import DeferredEvent, Tombstone
from tests.apps import on_sqlite
from tests.factories import a_proposal, an_event, count, rows, send_proposal
from tests.fakes import carry, take
from tests.review.office import case_of, do, member, signed_in, submitted
from tests.trouble.lost_data.copies import announce, back_up, mails, put_back, send_all, settle

pytestmark = on_sqlite


def references(app: Flask, table: Any) -> set[str]:
    return {row.reference for row in rows(app, table)}


@pytest.mark.parametrize("restored", [["review"], ["intake"]], ids=str)
def test_four_proposals_are_on_both_sides_whichever_was_restored(
    apps: dict[str, Flask], restored: list[str], tmp_path: Path
):
    submitted(apps)
    folder = back_up(apps, tmp_path / "copies")
    sent = {submitted(apps).replace("-", "") for _ in range(4)}
    before = references(apps["intake"], Proposal)

    put_back(apps, folder, restored)
    settle(apps)

    assert references(apps["intake"], Proposal) == references(apps["review"], Case) == before
    assert sent <= before and len(before) == 5
    views = {view.proposal_id: view.version for view in rows(apps["intake"], CaseView)}
    assert views == {case.proposal_id: case.version for case in rows(apps["review"], Case)}


def test_a_letter_and_its_decision_come_back_as_the_proposer_knows_them(
    apps: dict[str, Flask], tmp_path: Path
):
    reference = submitted(apps)
    lead = signed_in(apps["review"], "director")
    folder = back_up(apps, tmp_path / "copies")
    do(lead, reference, "take")
    do(lead, reference, "decision", kind="accept", note="")
    do(lead, reference, "letter/release")
    carry(apps)
    (view,) = rows(apps["intake"], CaseView)
    mailed = send_all(apps["notify"])
    carry(apps)

    put_back(apps, folder, ["review"])
    settle(apps)

    case, (letter,) = case_of(apps["review"], reference), rows(apps["review"], Letter)
    assert (case.state, case.public_label, case.outcome) == ("accepted", "accepted", "accepted")
    assert case.owner_id == member(apps["review"], "director.person@office.example").id
    (again,) = rows(apps["intake"], CaseView)
    assert again.state["letter"] == view.state["letter"]
    assert letter.text == view.state["letter"]["text"]
    assert again.version > view.version
    assert set(mails(apps["notify"])) == set(mailed)


def test_an_act_of_the_office_since_the_restore_stays_and_is_told(
    apps: dict[str, Flask], tmp_path: Path
):
    reference = submitted(apps)
    lead = signed_in(apps["review"], "director")
    folder = back_up(apps, tmp_path / "copies")
    for text in ("One.", "Two."):
        do(lead, reference, "write", text=text)
    carry(apps)

    put_back(apps, folder, ["review"])
    do(lead, reference, "take")
    settle(apps)

    (view,) = rows(apps["intake"], CaseView)
    assert view.state["contact"]["name"] == "Director Person"
    assert view.version == case_of(apps["review"], reference).version


@pytest.mark.parametrize("restored", [["intake"], ["review"]], ids=str)
def test_messages_of_both_sides_come_back(
    apps: dict[str, Flask], restored: list[str], tmp_path: Path
):
    reference = submitted(apps)
    folder = back_up(apps, tmp_path / "copies")
    said = [("intake", "post", "add", reference, "From us"),
            ("review", "post", "add", reference, "From them", "--by", "Maria")]  # fmt: skip
    for service, *command in said:
        apps[service].test_cli_runner().invoke(args=command, catch_exceptions=False)
    carry(apps)

    put_back(apps, folder, restored)
    settle(apps)

    for service, table in (("intake", PostAtIntake), ("review", Post)):
        texts = sorted(post.text for post in rows(apps[service], table))
        assert texts == ["From them", "From us"]


@pytest.mark.parametrize("restored", [*([service] for service in SERVICES), [*SERVICES]], ids=str)
def test_nobody_erased_returns(apps: dict[str, Flask], restored: list[str], tmp_path: Path):
    submitted(apps)
    folder = back_up(apps, tmp_path / "copies")
    address = a_proposal()["answers"]["contact_email"]
    erased = apps["intake"].test_cli_runner().invoke(args=["person", "erase", address, "--yes"])
    assert erased.exit_code == 0
    carry(apps)

    put_back(apps, folder, restored)
    settle(apps)

    assert rows(apps["intake"], Person) == []
    assert [row.state for row in rows(apps["intake"], Proposal)] == ["erased"]
    assert [(row.state, row.title) for row in rows(apps["review"], Case)] == [("erased", "")]
    assert rows(apps["notify"], Mail) == []
    assert len({count(app, Tombstone) for app in apps.values()}) == 1


def test_a_case_that_review_opened_again_under_another_id_reaches_its_proposer(
    apps: dict[str, Flask],
):
    submitted(apps)
    (view,) = rows(apps["intake"], CaseView)
    event = an_event(
        "case.changed.v1",
        case_id=uuid4(),
        proposal_id=view.proposal_id,
        version=view.version + 1,
        public_label="being_read",
        letter=None,
    )

    take(apps["intake"], event, queue="intake.from-review.v1")

    (view,) = rows(apps["intake"], CaseView)
    assert view.public_label == "being_read"
    assert rows(apps["intake"], DeferredEvent) == []


def test_an_announcement_to_partners_that_lost_nothing_changes_nothing(
    apps: dict[str, Flask],
):
    reference = submitted(apps)
    lead = signed_in(apps["review"], "director")
    do(lead, reference, "take")
    do(lead, reference, "write", text="Hello.")
    carry(apps)
    send_all(apps["notify"])
    carry(apps)
    before = state_of(apps)

    for app in apps.values():
        assert "erasures" in announce(app)
    settle(apps)

    assert state_of(apps) == before


def state_of(apps: dict[str, Flask]) -> dict[str, list[Any]]:
    """Versions and states of all that could have moved."""
    tables: Iterable[tuple[str, Any, tuple[str, ...]]] = (
        ("intake", Proposal, ("id", "version", "state")),
        ("intake", CaseView, ("case_id", "version", "public_label")),
        ("intake", Draft, ("id",)),
        ("intake", PostAtIntake, ("id", "told_at")),
        ("review", Case, ("id", "version", "revision", "state", "owner_id")),
        ("review", Post, ("id", "told_at")),
        ("review", MailStatus, ("mail_id", "version", "state")),
        ("notify", Mail, ("id", "version", "state")),
    )
    return {
        f"{service}.{table.__tablename__}": sorted(
            str([getattr(row, name) for name in names]) for row in rows(apps[service], table)
        )
        for service, table, names in tables
    }


def test_what_came_back_and_what_is_lost_is_counted(apps: dict[str, Flask], tmp_path: Path):
    folder = back_up(apps, tmp_path / "copies")
    send_proposal(apps["intake"])
    carry(apps)
    send_all(apps["notify"])
    carry(apps)

    put_back(apps, folder, ["intake"])
    settle(apps)

    listed = apps["intake"].test_cli_runner().invoke(args=["restored"]).output
    assert '{"kind": "proposals", "came_back": true, "count": 1}' in listed
    assert '{"kind": "links", "came_back": false, "count": 1}' in listed
