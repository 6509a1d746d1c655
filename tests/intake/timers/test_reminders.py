"""A draft with a mailbox: its link, reminders and deletion. No mail to a stranger, none twice."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from services.intake import timers
from services.intake.drafts import drafts
from services.intake.models import Draft, MailStatus
from shared import calendar, dates, db
from shared.tables import now
from tests.factories import an_event, count, rows, sample
from tests.fakes import take
from tests.intake import form_filling as typed
from tests.intake.browsing import get, press
from tests.intake.idle_drafts import ADA, HALF, let_days_pass, remind, saved_draft
from tests.intake.mailed_links import link_in, mailed
from tests.shared.forms import EXAMPLE


def opened(app: Flask, mail: dict[str, Any]) -> None:
    """Open the draft by its link."""
    client = app.test_client()
    assert press(client, get(client, link_in(mail)), ("go", "open")).status == 200


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_mail_of_a_saved_draft_has_link_expiry_day_and_missing_count(
    apps: dict[str, Flask], language: str
):
    intake = apps["intake"]
    draft = saved_draft(intake, language=language)
    (mail,) = mailed(intake, "draft_saved")
    assert (mail["to_address"], mail["language"]) == (ADA, language)
    until = calendar.local_day(EXAMPLE, draft.changed_at + drafts.KEPT_FOR)
    assert mail["variables"]["kept_until"] == dates.in_words(until, language)
    client = intake.test_client()
    press(client, get(client, link_in(mail)), ("go", "open"))
    errors = [href for href in get(client, "/draft/more").links if "back=check#" in href]
    assert mail["variables"]["left"] == str(len(errors)) != "0"


def test_the_same_mailbox_gets_a_short_link_next_and_another_one_a_long_one(
    apps: dict[str, Flask],
):
    intake = apps["intake"]
    client = intake.test_client()
    typed.begin(client, "partner")
    for address in (ADA, ADA, "bo@harborhealth.example", ADA):
        page = get(client, "/draft/saved")
        page.form.named("email")[0].value = address
        shown = press(client, page, ("go", "mail"))
        assert address in shown.text()
    assert len(mailed(intake, "draft_saved")) == 3
    assert len(mailed(intake, "sign_in_link")) == 1


@pytest.mark.parametrize(
    "days, reminders", [(6.9, []), (7.1, [7]), (29, [7]), (31, [30]), (56, [55]), (61, [])]
)
def test_an_idle_draft_is_reminded_of_once_a_stage_and_missed_stages_do_not_pile_up(
    apps: dict[str, Flask], days: float, reminders: list[int]
):
    intake = apps["intake"]
    draft = saved_draft(intake)
    let_days_pass(intake, draft, days=days)
    assert [remind(intake), remind(intake)] == [1 if days > 7 else 0, 0]
    sent = mailed(intake, "draft_reminder")
    assert [int(mail["dedupe_key"].rsplit(":", 1)[1]) for mail in sent] == reminders
    for mail in sent:
        until = calendar.local_day(EXAMPLE, now() + drafts.KEPT_FOR - timedelta(days=days))
        assert mail["variables"]["kept_until"] == dates.in_words(until, "en")


def test_each_stage_comes_in_its_time_and_a_change_begins_anew(apps: dict[str, Flask]):
    intake = apps["intake"]
    draft = saved_draft(intake)
    for days in (8, 31, 56):
        with intake.app_context(), db.begin() as session:
            session.execute(update(Draft).values(changed_at=now() - timedelta(days=days)))
            session.execute(update(Draft).values(remind_at=now() - timedelta(hours=1)))
        assert remind(intake) == 1
    (stored,) = rows(intake, Draft)
    assert (len(mailed(intake, "draft_reminder")), stored.remind_at) == (3, None)
    client = intake.test_client()
    page = press(client, get(client, link_in(mailed(intake, "draft_saved")[0])), ("go", "open"))
    press(client, page, ("go", "later"))
    (stored,) = rows(intake, Draft)
    assert stored.remind_at == stored.changed_at + timedelta(days=7)
    assert draft.id == stored.id


def test_the_reminder_opens_the_draft_and_offers_to_delete_it(apps: dict[str, Flask]):
    intake = apps["intake"]
    let_days_pass(intake, saved_draft(intake), days=8)
    remind(intake)
    (mail,) = mailed(intake, "draft_reminder")
    client = intake.test_client()
    page = press(client, get(client, link_in(mail)), ("go", "delete"))
    assert (page.path, count(intake, Draft)) == ("/draft/delete", 1)
    gone = press(client, page, ("go", "delete"))
    assert (gone.path, count(intake, Draft)) == ("/deleted", 0)
    assert get(client, link_in(mail)).status == 404
    assert remind(intake) == 0
    again = press(client, page, ("go", "delete"))
    assert again.status == 400


def test_one_button_ends_the_reminders_and_keeps_the_draft_until_another_mailbox_is_given(
    apps: dict[str, Flask],
):
    intake = apps["intake"]
    let_days_pass(intake, saved_draft(intake), days=8)
    remind(intake)
    (mail,) = mailed(intake, "draft_reminder")
    client = intake.test_client()
    quiet = press(client, get(client, link_in(mail)), ("go", "quiet"))
    assert (quiet.path, count(intake, Draft)) == ("/draft/saved", 1)
    assert "won’t remind you" in quiet.text()
    assert ("go", "quiet") not in get(client, link_in(mail)).form.buttons
    press(client, get(client, "/draft/you"), ("go", "later"))
    (draft,) = rows(intake, Draft)
    assert draft.remind_at is None
    for address in (ADA, "bo@harborhealth.example"):
        page = get(client, "/draft/saved")
        page.form.named("email")[0].value = address
        press(client, page, ("go", "mail"))
        (draft,) = rows(intake, Draft)
        assert (draft.remind_at is not None) == (address != ADA)


def test_opening_the_page_of_the_link_ends_no_reminders(apps: dict[str, Flask]):
    intake = apps["intake"]
    saved_draft(intake)
    (mail,) = mailed(intake, "draft_saved")
    assert intake.test_client().get(f"{link_in(mail)}?go=quiet").status_code == 200
    (draft,) = rows(intake, Draft)
    assert draft.reminds and draft.remind_at is not None


def test_no_reminder_is_sent_for_a_sent_draft_or_one_without_mailbox(
    apps: dict[str, Flask],
):
    intake, body = apps["intake"], sample(HALF)
    typed.begin(intake.test_client(), "partner")
    client = intake.test_client()
    typed.core(client, body)
    page = get(client, "/draft/saved")
    press(client, page, ("go", "mail"))
    assert typed.send(client, typed.ready(client, body)).path == "/sent"
    assert [draft.remind_at for draft in rows(intake, Draft)] == [None, None]
    with intake.app_context(), db.begin() as session:
        session.execute(update(Draft).values(changed_at=now() - timedelta(days=40)))
    assert remind(intake) == 0


def test_a_sent_draft_is_not_deleted_by_anybody(apps: dict[str, Flask]):
    intake, body = apps["intake"], sample(HALF)
    client = intake.test_client()
    typed.core(client, body)
    page = get(client, "/draft/delete")
    typed.send(client, typed.ready(client, body))
    assert press(client, page, ("go", "delete")).status == 409
    assert get(client, "/draft/delete").path == "/sent"
    assert count(intake, Draft) == 1


@pytest.mark.parametrize("used", [True, False])
def test_a_deleted_draft_notifies_only_a_mailbox_that_used_its_link(
    apps: dict[str, Flask], used: bool
):
    intake = apps["intake"]
    draft = saved_draft(intake)
    if used:
        opened(intake, mailed(intake, "draft_saved")[0])
    let_days_pass(intake, draft, days=61)
    with intake.app_context():
        timers._deletion_turn()
        timers._deletion_turn()
    assert count(intake, Draft) == 0
    assert len(mailed(intake, "draft_deleted")) == (1 if used else 0)
    about = {"proposal_id": draft.id, "kind": "draft_deleted"}
    take(intake, an_event("mail.changed.v1", **about, version=2, state="sent"))
    assert count(intake, MailStatus) == 0
