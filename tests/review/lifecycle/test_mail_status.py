"""One rule says which mails have not reached their reader: alert, label and flag follow it."""

import re
from uuid import uuid4

import pytest
from flask import Flask
from marshmallow import validate

from services.review import labels
from services.review.models.states import MailState
from shared.events import EVENTS
from tests.factories import an_event
from tests.fakes import take
from tests.intake.browsing import Page
from tests.review.office import case_of, published, received, signed_in, visit

NOT_REACHED = {"failed", "bounced", "expired"}


def states_of_the_event() -> list[str]:
    allowed = EVENTS["mail.changed.v1"].schema().fields["state"].validate
    assert isinstance(allowed, validate.OneOf)
    return list(allowed.choices)


def mailed(review: Flask, case: str, *, kind: str, state: str) -> None:
    about = {"mail_id": uuid4(), "proposal_id": case_of(review, case).proposal_id}
    take(review, an_event("mail.changed.v1", **about, kind=kind, state=state, version=3))


def alerts_of(review: Flask) -> int:
    mails = published(review, "mail.requested.v1")
    return len([mail for mail in mails if mail["kind"] == "mail_failed"])


def test_emails_of_a_case_are_listed_newest_first(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    about = {"proposal_id": case_of(review, case).proposal_id, "state": "sent", "version": 3}
    for day, kind in ((2, "looked_after"), (1, "receipt"), (3, "decision")):
        at = f"2026-03-0{day}T09:00:00Z"
        changed = {**about, "mail_id": uuid4(), "kind": kind, "changed_at": at}
        take(review, an_event("mail.changed.v1", **changed))
    shown = visit(signed_in(review), f"/cases/{case}").text("th")
    titles = [labels.mail(kind)[0] for kind in ("decision", "looked_after", "receipt")]
    places = [shown.index(title) for title in titles]
    assert places == sorted(places)


def says_to_call(page: Page) -> bool:
    said = r"Not delivered\. (Call the proposer|No phone number on file)"
    return re.search(said, page.text()) is not None


@pytest.mark.parametrize("state", states_of_the_event())
def test_alert_label_and_flag_agree_whether_a_decision_letter_was_not_reached(
    apps: dict[str, Flask], state: str
):
    review = apps["review"]
    (case,) = received(review)
    mailed(review, case, kind="decision", state=state)
    client = signed_in(review, "triage")
    expected = state in NOT_REACHED
    assert bool(alerts_of(review)) == expected
    assert says_to_call(visit(client, f"/cases/{case}")) == expected
    assert MailState(state).not_reached == expected
    flagged = case in visit(client, "/", flag="mail_failed").text()
    assert flagged == (expected or state == "in_doubt")


@pytest.mark.parametrize(("state", "needs_call"), [("expired", False), ("bounced", True)])
def test_a_sign_in_link_that_expired_needs_nobody_and_one_that_bounced_a_call(
    apps: dict[str, Flask], state: str, needs_call: bool
):
    review = apps["review"]
    (case,) = received(review)
    mailed(review, case, kind="sign_in_link", state=state)
    client = signed_in(review, "triage")
    assert bool(alerts_of(review)) == needs_call
    page = visit(client, f"/cases/{case}")
    assert "Sign-in link" in page.text()
    assert says_to_call(page) == needs_call
    assert (case in visit(client, "/", flag="mail_failed").text()) == needs_call


def test_every_state_of_a_mail_has_words_and_the_tone_of_the_state():
    assert set(MailState) == {*states_of_the_event(), "kept_back"}
    assert set(labels.MAIL_STATES) == set(MailState)
    for state in MailState:
        assert labels.mail_state(state)[1] == state.tone
    assert {state for state in MailState if state.tone == "no"} == NOT_REACHED
