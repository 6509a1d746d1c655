"""Drafts that nobody touched for some days, and the timer that reminds of them."""

from datetime import timedelta

from flask import Flask

from services.intake import timers
from services.intake.drafts import drafts
from services.intake.models import Draft
from shared import db
from shared.tables import now
from tests.factories import rows, sample
from tests.intake import form_filling as typed
from tests.intake.browsing import press

HALF = "partner-half-idea"


ADA = "ada@harborhealth.example"


def saved_draft(app: Flask, *, address: str = ADA, language: str = "en") -> Draft:
    """A draft whose first page was typed and whose link was mailed."""
    client = app.test_client()
    page = typed.begin(client, "partner", language=language)
    page = typed.fill(client, page, sample(HALF)["answers"])
    page = press(client, page, ("go", "later"))
    page.form.named("email")[0].value = address
    assert press(client, page, ("go", "mail")).status == 200
    newest: Draft = max(rows(app, Draft), key=lambda draft: draft.created_at)
    return newest


def let_days_pass(app: Flask, draft: Draft, *, days: float) -> None:
    """Let this many days pass without a change and without a loop."""
    at = now() - timedelta(days=days)
    with app.app_context(), db.begin() as session:
        found = session.get_one(Draft, draft.id)
        found.changed_at = at
        drafts.plan_reminder(found, after=at)


def remind(app: Flask) -> int:
    with app.app_context():
        return timers.reminder_turn()
