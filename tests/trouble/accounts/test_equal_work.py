"""Asking for a link costs the same for an address that nobody has, and leaves nothing behind."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from services.intake.models import Draft, LinkToken, RateLimitUse
from shared.tables import OutboxRow
from tests.factories import count, rows, sample, send_proposal
from tests.intake import form_filling as typed
from tests.intake.browsing import press
from tests.intake.mailed_links import HALF, RAY, mailed, request_link

PAT = "pat@shop.example"


@contextmanager
def _statements(app: Flask) -> Iterator[list[str]]:
    """What this app changes in its database meanwhile: the verb and the table of each statement."""
    engine = app.extensions["database"].engine
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        change = re.match(r"(INSERT INTO|UPDATE|DELETE FROM) (\w+)", statement)
        if change:
            seen.append(f"{change[1].split()[0]} {change[2]}")

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _asked(app: Flask, known: str) -> list[str]:
    client = app.test_client()
    with _statements(app) as seen:
        assert request_link(client, known).status == 200
    return sorted(seen)


@pytest.mark.parametrize("unknown", ["nobody@example.org", "HK4T-W7RB"])
def test_a_stranger_costs_as_many_changes_as_somebody_known(apps: dict[str, Flask], unknown: str):
    intake = apps["intake"]
    send_proposal(intake)
    known = _asked(intake, RAY)
    assert "INSERT tokens" in known and "INSERT outbox" in known
    assert _asked(intake, unknown) == known


def test_a_known_person_who_has_had_too_many_mails_costs_the_same(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.config["MAILS_PER_HOUR"] = "2"
    reference = send_proposal(intake)
    for _ in range(2):
        _asked(intake, RAY)
    assert _asked(intake, reference) == _asked(intake, "HK4T-W7RB")
    assert len(mailed(intake, "sign_in_link")) == 2


def test_the_work_for_a_stranger_leaves_no_link_no_mail_and_no_count(apps: dict[str, Flask]):
    intake = apps["intake"]
    send_proposal(intake)
    before = [count(intake, table) for table in (LinkToken, OutboxRow)]
    request_link(intake.test_client(), "somebody@example.org")
    uses = count(intake, RateLimitUse)
    request_link(intake.test_client(), "nobody@example.org")
    assert [count(intake, table) for table in (LinkToken, OutboxRow)] == before
    assert count(intake, RateLimitUse) == uses + 2  # guessed, and asked
    assert mailed(intake, "sign_in_link") == []


def test_a_stranger_is_answered_where_nobody_is_known_at_all(apps: dict[str, Flask]):
    assert request_link(apps["intake"].test_client(), "nobody@example.org").status == 200


def _draft_with_address(app: Flask) -> None:
    client = app.test_client()
    answers = sample(HALF)["answers"] | {"contact_email": PAT}
    press(client, typed.fill(client, typed.begin(client, "partner"), answers))


@pytest.mark.parametrize("known", ["address", "reference"])
@pytest.mark.parametrize("with_proposal", [True, False])
def test_a_draft_to_which_no_link_was_mailed_costs_the_same(
    apps: dict[str, Flask], known: str, with_proposal: bool
):
    intake = apps["intake"]
    if with_proposal:
        send_proposal(intake)
    _draft_with_address(intake)
    (draft,) = rows(intake, Draft)
    named = draft.reference if known == "reference" else PAT
    stranger = _asked(intake, "nobody@example.org" if known == "address" else "HK4T-W7RB")
    assert "INSERT tokens" in stranger
    assert _asked(intake, named) == stranger
    assert _asked(intake, named) == stranger, "also the second time"
