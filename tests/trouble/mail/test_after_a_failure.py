"""A mail that did not reach the proposer: what the case says until a later one did, and after."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.notify.models import Mail
from services.notify.sending import doubt
from services.review.models import MailStatus
from shared import db
from shared.mails.kinds.to_proposers import ASKED_AGAIN
from shared.tables import now
from tests.apps import on_sqlite
from tests.factories import an_event, rows, send_proposal
from tests.fakes import carry, take
from tests.intake.browsing import Page
from tests.review.office import (
    case_of,
    do,
    let_time_pass,
    post,
    received,
    signed_in,
    visit,
)
from tests.smtp_sink.server import Server
from tests.trouble.mail.delivering import AT_ONCE, RAY, bounced_receipt, deliver, refusing

GONE, ONCE_MORE = "Try this address again", "Send again"
BY_POLICY = b"550 5.7.1 blocked by policy\r\n"
WARNING = "They can read messages on their status page, but get no email."
BANNED, NOT_DELIVERED, FLAG = "We send it no more email", "Not delivered", "Email problem"


def _press(client: FlaskClient, reference: str, number: int = 0) -> Page:
    """Press the button at a mail that failed."""
    page = visit(client, f"/cases/{reference}")
    forms = [form for form in page.forms if form.action.endswith("/settle")]
    return post(client, forms[number].action, **dict(forms[number].data()), answer="again")


def _shown(client: FlaskClient, reference: str) -> str:
    return visit(client, f"/cases/{reference}").text()


def _with_owner(apps: Mapping[str, Flask], server: Server) -> tuple[FlaskClient, str]:
    """A case whose receipt bounced, and then the mail about its owner is not sent either."""
    reference = bounced_receipt(apps, server)
    client = signed_in(apps["review"], "triage", name="Tara Lindqvist")
    do(client, reference, "take")
    deliver(apps, server)
    return client, reference


def _notices(client: FlaskClient, answer: Page) -> str:
    return visit(client, answer.response.headers["Location"]).text()


def test_a_message_to_a_mailbox_that_does_not_exist_promises_no_email(apps: Mapping[str, Flask]):
    apps["intake"].config.update(AT_ONCE)
    with refusing(RAY) as server:
        client, reference = _with_owner(apps, server)
        name = case_of(apps["review"], reference).people[0]["name"]
        warning = f"Our email doesn’t reach {name}. {WARNING}"
        assert warning in _shown(client, reference)
        told = _notices(client, do(client, reference, "write", text="Could we meet?"))
        assert f"Message sent. Our email doesn’t reach {name}." in told
        assert "gets an email" not in told
        _press(client, reference)
        deliver(apps, server)
    assert WARNING not in _shown(client, reference)
    told = _notices(client, do(client, reference, "write", text="Could we meet soon?"))
    assert "Message sent. The proposer gets an email" in told


def test_a_letter_to_a_mailbox_that_does_not_exist_promises_no_email(apps: Mapping[str, Flask]):
    with refusing(RAY) as server:
        _, reference = _with_owner(apps, server)
    director = signed_in(apps["review"], "director")
    do(director, reference, "decision", kind="accept")
    told = _notices(director, do(director, reference, "letter/release"))
    assert "Letter sent. Our email doesn’t reach" in told and "gets it by email" not in told


def test_once_the_address_works_again_no_row_and_no_flag_says_otherwise(
    apps: Mapping[str, Flask],
):
    with refusing(RAY) as server:
        client, reference = _with_owner(apps, server)
        before = _shown(client, reference)
        assert before.count(BANNED) == 2 and before.count(NOT_DELIVERED) == 2
        assert FLAG in before and "Sent again" not in before
        receipt = [
            mail.mail_id for mail in rows(apps["review"], MailStatus, MailStatus.kind == "receipt")
        ]
        page = visit(client, f"/cases/{reference}")
        actions = [form.action for form in page.forms if form.action.endswith("/settle")]
        _press(client, reference, actions.index(f"/cases/{reference}/mails/{receipt[0]}/settle"))
        assert RAY in [mail.recipient for mail in deliver(apps, server)]
    after = _shown(client, reference)
    assert "Sent again" in after and FLAG not in after and BANNED not in after
    assert "Not delivered. Later email to this mailbox was sent." in after
    assert after.count(NOT_DELIVERED) == 1 and GONE not in after


@on_sqlite
def test_if_it_fails_again_the_flag_comes_back(apps: Mapping[str, Flask]):
    with refusing(RAY) as server:
        reference = bounced_receipt(apps, server)
        client = signed_in(apps["review"], "triage")
        _press(client, reference)
        deliver(apps, server)
    assert FLAG not in _shown(client, reference)
    (again,) = [row for row in rows(apps["review"], MailStatus) if ":again-" in row.cause]
    names = ("mail_id", "proposal_id", "kind", "cause")
    news = {name: getattr(again, name) for name in names} | {"version": again.version + 1}
    news |= {"changed_at": now().isoformat()}
    take(apps["review"], an_event("mail.changed.v1", **news, state="bounced", suppressed=True))
    shown = _shown(client, reference)
    assert FLAG in shown and "Sent again" not in shown
    assert shown.count(NOT_DELIVERED) == 2 and BANNED in shown and WARNING in shown


def test_a_mail_that_was_refused_for_another_reason_is_sent_again(apps: Mapping[str, Flask]):
    with refusing(RAY, reply=BY_POLICY) as server:
        reference = bounced_receipt(apps, server)
        client = signed_in(apps["review"], "triage", name="Tara Lindqvist")
        page = visit(client, f"/cases/{reference}")
        assert ONCE_MORE in page.text("button") and GONE not in page.text("button")
        told = _notices(client, _press(client, reference))
        assert "The email will be sent again." in told
        (mail,) = [mail for mail in deliver(apps, server) if mail.recipient == RAY]
    shown = visit(client, f"/cases/{reference}")
    assert "Sent again" in shown.text() and "Tara Lindqvist resent it." in shown.text()
    assert FLAG not in shown.text() and ONCE_MORE not in shown.text("button")
    states = [mail.state for mail in rows(apps["notify"], Mail, Mail.recipient == RAY)]
    assert sorted(states) == ["failed", "sent"]
    deliver(apps, server)
    assert len(rows(apps["notify"], Mail, Mail.recipient == RAY)) == 2


def test_a_mail_that_expired_is_sent_again(apps: Mapping[str, Flask]):
    reference = send_proposal(apps["intake"])
    carry(dict(apps))
    let_time_pass(apps["notify"], Mail, "expires_at", timedelta(days=60))
    with apps["notify"].app_context(), db.begin() as session:
        doubt.expire(session)
    carry(dict(apps))
    client = signed_in(apps["review"], "triage")
    shown = visit(client, f"/cases/{reference}")
    assert "Expired" in shown.text() and ONCE_MORE in shown.text("button")
    with refusing("nobody") as server:
        _press(client, reference)
        assert RAY in [mail.recipient for mail in deliver(apps, server)]
    assert "Sent again" in _shown(client, reference)


@on_sqlite
@pytest.mark.parametrize("kind", ["sign_in_link", "answers_copy", "case_arrived"])
def test_a_mail_that_nobody_can_ask_for_again_has_no_such_button(apps: dict[str, Flask], kind: str):
    review = apps["review"]
    (case,) = received(review)
    proposal_id: UUID = case_of(review, case).proposal_id
    take(review, an_event("mail.changed.v1", proposal_id=proposal_id, kind=kind, state="failed"))
    assert kind not in ASKED_AGAIN
    page = visit(signed_in(review), f"/cases/{case}")
    assert not [form for form in page.forms if form.action.endswith("/settle")]


@on_sqlite
def test_to_try_the_address_of_a_link_promises_no_second_link(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    about = {"proposal_id": case_of(review, case).proposal_id, "kind": "sign_in_link"}
    take(review, an_event("mail.changed.v1", **about, state="bounced", suppressed=True))
    client = signed_in(review)
    told = _notices(client, _press(client, case))
    assert "We’ll send email to this address again." in told
    assert "The email will be sent again." not in told
