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
from tests.review.office import case_of, published, received, signed_in, visit

NOT_REACHED = {"failed", "bounced", "expired"}


def states_of_the_event() -> list[str]:
    allowed = EVENTS["mail.changed.v1"].schema().fields["state"].validate
    assert isinstance(allowed, validate.OneOf)
    return list(allowed.choices)


def decision_letter(review: Flask, case: str, state: str) -> None:
    about = {"mail_id": uuid4(), "proposal_id": case_of(review, case).proposal_id}
    take(review, an_event("mail.changed.v1", **about, kind="decision", state=state, version=3))


@pytest.mark.parametrize("state", states_of_the_event())
def test_alert_label_and_flag_agree_whether_a_decision_letter_was_not_reached(
    apps: dict[str, Flask], state: str
):
    review = apps["review"]
    (case,) = received(review)
    decision_letter(review, case, state)
    client = signed_in(review, "triage")
    expected = state in NOT_REACHED
    alerts = [
        mail for mail in published(review, "mail.requested.v1") if mail["kind"] == "mail_failed"
    ]
    assert bool(alerts) == expected
    advice = re.search(r"call instead|[Cc]all the proposer", visit(client, f"/cases/{case}").text())
    assert bool(advice) == expected, "the page says to call the proposer"
    assert MailState(state).not_reached == expected
    flagged = case in visit(client, "/", flag="mail_failed").text()
    assert flagged == (expected or state == "in_doubt")


def test_every_state_of_a_mail_has_words_and_the_tone_of_the_state():
    assert set(MailState) == {*states_of_the_event(), "kept_back"}
    assert set(labels.MAIL_STATES) == set(MailState)
    for state in MailState:
        assert labels.mail_state(state)[1] == state.tone
    assert {state for state in MailState if state.tone == "no"} == NOT_REACHED
