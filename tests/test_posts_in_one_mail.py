"""Messages of a proposer within ten minutes are one mail to the office, sent when they are over."""

import threading
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from services.intake.models import Proposal
from services.notify.models import Mail
from services.notify.sending import queue
from services.review.models import Post
from shared import db
from shared.tables import OutboxRow, now
from tests.apps import on_postgresql
from tests.factories import an_event, count, rows, send_proposal
from tests.fakes import carry, take

SIDES = [("review", "proposer", "post_from_proposer")]
TABLES: dict[str, Any] = {"review": Post}
TEN = timedelta(minutes=10)


@pytest.fixture
def proposal(apps: dict[str, Flask]) -> UUID:
    """A proposal that intake and review know."""
    send_proposal(apps["intake"])
    carry(apps)
    (stored,) = rows(apps["intake"], Proposal)
    proposal_id: UUID = stored.id
    return proposal_id


def post_event(proposal_id: UUID, side: str, *, ago: timedelta = timedelta(0)) -> bytes:
    about = {"proposal_id": proposal_id, "post_id": uuid4(), "said_at": (now() - ago).isoformat()}
    return an_event("post.added.v1", **about, side=side, author="Renata Kowalczyk")


def mails(apps: dict[str, Flask], kind: str) -> list[Mail]:
    carry(apps, times=2)
    return sorted(rows(apps["notify"], Mail, Mail.kind == kind), key=lambda mail: mail.created_at)


def due(app: Flask) -> bool:
    with app.app_context(), db.read() as session:
        return queue.front(session).due


def sent_off(app: Flask) -> None:
    """Send all mail that is due."""
    with app.app_context(), db.begin() as session:
        session.execute(update(Mail).where(Mail.next_attempt_at <= now()).values(state="sent"))


@pytest.mark.parametrize("service, side, kind", SIDES)
def test_three_posts_are_one_mail_that_waits_ten_minutes_for_them(
    apps: dict[str, Flask], proposal: UUID, service: str, side: str, kind: str
):
    carry(apps, times=2)
    sent_off(apps["notify"])
    for _ in range(3):
        take(apps[service], post_event(proposal, side))
    (mail,) = mails(apps, kind)
    assert mail.state == "queued"
    (told_at,) = {post.told_at for post in rows(apps[service], TABLES[service])}
    assert told_at == mail.next_attempt_at
    assert TEN - timedelta(minutes=1) < mail.next_attempt_at - now() <= TEN
    assert mail.expires_at > mail.next_attempt_at
    date = message_from_bytes(mail.rendered, policy=policy.default)["Date"].datetime
    assert date == mail.next_attempt_at.replace(microsecond=0)
    assert not due(apps["notify"])


@pytest.mark.parametrize("service, side, kind", SIDES)
def test_a_post_after_the_mail_was_sent_gets_its_own_mail(
    apps: dict[str, Flask], proposal: UUID, service: str, side: str, kind: str
):
    take(apps[service], post_event(proposal, side, ago=TEN))
    table = TABLES[service]
    with apps[service].app_context(), db.begin() as session:
        session.execute(update(table).values(told_at=now() - timedelta(seconds=1)))
    take(apps[service], post_event(proposal, side, ago=TEN))
    assert len(mails(apps, kind)) == 2


@pytest.mark.parametrize("service, side, kind", SIDES)
def test_a_repeated_post_is_mailed_once(
    apps: dict[str, Flask], proposal: UUID, service: str, side: str, kind: str
):
    event = post_event(proposal, side)
    take(apps[service], event)
    take(apps[service], event)
    assert len(mails(apps, kind)) == count(apps[service], TABLES[service]) == 1


@pytest.mark.parametrize("service, side, kind", SIDES)
def test_without_waiting_each_goes_at_once(
    apps: dict[str, Flask], proposal: UUID, service: str, side: str, kind: str
):
    apps[service].config["POSTS_TOGETHER"] = "0"
    for _ in range(2):
        take(apps[service], post_event(proposal, side))
    assert len(mails(apps, kind)) == 2
    assert due(apps["notify"])


@on_postgresql
@pytest.mark.parametrize("service, side, kind", SIDES)
def test_posts_that_arrive_at_the_same_moment_are_one_mail(
    apps: dict[str, Flask], proposal: UUID, service: str, side: str, kind: str
):
    events = [post_event(proposal, side) for _ in range(6)]
    hearing = [threading.Thread(target=take, args=(apps[service], event)) for event in events]
    for one in hearing:
        one.start()
    for one in hearing:
        one.join()
    assert count(apps[service], TABLES[service]) == 6
    asked_for = rows(apps[service], OutboxRow, OutboxRow.event_type == "mail.requested.v1")
    assert sum(f'"{kind}"'.encode() in row.envelope for row in asked_for) == 1
