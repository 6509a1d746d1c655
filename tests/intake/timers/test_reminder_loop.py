"""The reminder loop: killed, several at once, with many drafts, with an unreadable one."""

import subprocess
import sys
import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert, text

from services.intake import timers
from services.intake.models import Draft
from shared import db
from tests.intake.idle_drafts import let_days_pass, remind, saved_draft
from tests.intake.mailed_links import mailed

DIES = """
import os, signal, sys
from services.intake import timers
from shared import crash
from tests.apps import make
crash.listener = lambda place: os.kill(os.getpid(), signal.SIGKILL)
with make("intake", DATABASE_URL=sys.argv[1]).app_context():
    timers.reminder_turn()
"""


def test_killed_between_the_reminders_and_their_commit_it_reminds_once(
    apps: dict[str, Flask], database: str
):
    intake = apps["intake"]
    let_days_pass(intake, saved_draft(intake), days=8)
    killed = subprocess.run([sys.executable, "-c", DIES, database], check=False)
    assert killed.returncode == -9
    assert mailed(intake, "draft_reminder") == []
    assert [remind(intake), remind(intake)] == [1, 0]
    assert len(mailed(intake, "draft_reminder")) == 1


def test_many_loops_at_once_remind_once(apps: dict[str, Flask]):
    intake = apps["intake"]
    for number in range(6):
        let_days_pass(
            intake, saved_draft(intake, address=f"ada{number}@harborhealth.example"), days=8
        )
    loops = [threading.Thread(target=remind, args=(intake,)) for _ in range(4)]
    for loop in loops:
        loop.start()
    for loop in loops:
        loop.join()
    assert len(mailed(intake, "draft_reminder")) == 6


def test_what_is_due_is_found_in_an_index_however_many_drafts_there_are(apps: dict[str, Flask]):
    intake, plans = apps["intake"], []
    plain = {"language": "en", "typed": {}, "not_sure": [], "done": []}

    def explain(link: Any, cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if "drafts.remind_at <=" in statement and not statement.startswith("EXPLAIN"):
            word = "EXPLAIN QUERY PLAN" if link.dialect.name == "sqlite" else "EXPLAIN"
            plans.append(link.exec_driver_sql(f"{word} {statement}", given).all())

    with intake.app_context():
        with db.begin() as session:
            many = [{"reference": f"{number:08d}", **plain} for number in range(3000)]
            session.execute(insert(Draft), many)
            session.execute(text("ANALYZE drafts"))
        engine = db.database().engine
        event.listen(engine, "before_cursor_execute", explain)
        assert timers.reminder_turn() == 0
        event.remove(engine, "before_cursor_execute", explain)
    assert "ix_drafts_remind_at" in str(plans)


@pytest.mark.parametrize("typed_before", [{}, {"gone": ["x"]}, {"proposer_kind": "of_old"},
                                          {"proposer_kind": "partner", "skills": {"a": 1},
                                           "contact_name": 7}])  # fmt: skip
def test_a_draft_that_the_form_cannot_read_delays_no_other_reminder(
    apps: dict[str, Flask], typed_before: dict[str, Any]
):
    intake = apps["intake"]
    odd, other = saved_draft(intake), saved_draft(intake, address="bo@harborhealth.example")
    for draft in (odd, other):
        let_days_pass(intake, draft, days=8)
    with intake.app_context(), db.begin() as session:
        session.get_one(Draft, odd.id).typed = typed_before
    assert remind(intake) == 2
    assert len(mailed(intake, "draft_reminder")) == 2
