"""The database does little work for the sender and for queries about mails."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.notify import delivery_status, domains, retention
from services.notify.inbound import archive
from services.notify.models import Mail
from services.notify.sending import doubt
from shared import db
from tests.apps import on_postgresql
from tests.notify.mailing import is_in, requested, sender, until
from tests.plans import explained_queries
from tests.smtp_sink import sink

LETTER = Mail(dot_at=datetime(2026, 11, 20, tzinfo=UTC))
QUESTIONS: dict[str, tuple[str, Callable[[Session], Any]]] = {
    "which links to blank": ("ix_mails_gone", retention.mask),
    "which text to drop": ("ix_mails_gone", retention.drop_bodies),
    "where mail went": ("ix_mails_gone", domains.sent_recently),
    "what a dead sender left": (
        "ix_mails_unsettled", lambda session: doubt.recover(session, worker_key=1)
    ),
    "what to send again": (
        "ix_mails_unsettled", lambda session: doubt.resend(session, after=timedelta(0))
    ),
    "who has to wait": ("ix_mails_untold", delivery_status.announce_waiting),
    "which letters are in doubt": (
        "ix_mails_unsettled or ix_mails_verified",
        archive.unconfirmed_letters,
    ),
    "how many are in doubt": ("ix_mails_unsettled", domains.count_unconfirmed),
    "what came too late": ("ix_mails_expiring or ix_mails_waiting", doubt.expire),
    "which letters came later": (
        "ix_mails_verified or ix_mails_gone",
        lambda session: session.scalars(archive.letters_after(LETTER)).all(),
    ),
}  # fmt: skip


@on_postgresql
def test_a_mark_touches_no_index(make):
    with sink() as server:
        app = make(server)
        before = kept_beside(app)
        mails = [requested(app) for _ in range(40)]
        with sender(app):
            until(lambda: all(is_in(app, mail_id, "sent") for mail_id in mails))
    # Of forty: on a full page that another transaction still reads, a change finds no room.
    until(lambda: kept_beside(app) - before >= 20)


def kept_beside(app: Flask) -> int:
    """How many changes of mails found room beside the row, and so touched no index."""
    question = text("SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'mails'")
    with app.app_context():
        db.database().engine.dispose()  # what a connection has counted it tells when it ends
        with db.read() as session:
            return int(session.execute(question).scalar_one())


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_question_finds_the_index_of_few_rows_that_is_made_for_it(make, question):
    indexes, ask = QUESTIONS[question]
    with sink() as server:
        app = make(server)
    with app.app_context(), db.begin() as session:
        if not db.embedded():
            session.execute(text("SET LOCAL enable_seqscan = off"))  # of few rows it reads all
        with explained_queries(session) as plans:
            ask(session)
    (plan,) = plans
    # Over an empty table two that serve cost the same, and either is right.
    assert any(index in plan for index in indexes.split(" or ")), plan
