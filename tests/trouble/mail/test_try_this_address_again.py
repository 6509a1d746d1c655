"""A ban is shown on its case, where a person lifts it and the proposer gets their mail."""

from collections.abc import Mapping
from uuid import uuid4

import pytest
from flask import Flask

from services.intake.models import Proposal
from services.notify.models import Mail
from shared.mails.kinds.to_proposers import ASKED_AGAIN
from tests.apps import on_sqlite
from tests.factories import an_event, rows, send_proposal
from tests.fakes import take
from tests.intake.browsing import get, press
from tests.intake.mailed_links import mailed, request_link, sent_with_link
from tests.notify.mailing import announced
from tests.review.office import post, signed_in, visit
from tests.smtp_sink import sink
from tests.trouble.mail.delivering import (
    RAY,
    bounced_receipt,
    deliver,
    only,
    path_in,
    refusing,
    review_reports,
)

BUTTON = "Try this address again"


def try_again(client, reference: str) -> None:
    page = visit(client, f"/cases/{reference}")
    (form,) = [form for form in page.forms if form.action.endswith("/settle")]
    answer = post(client, form.action, **dict(form.data()), answer="again")
    assert answer.status == 303


def test_a_person_tries_the_address_again_and_the_receipt_arrives(apps: Mapping[str, Flask]):
    with refusing(RAY) as server:
        reference = bounced_receipt(apps, server)
        client = signed_in(apps["review"], "triage", name="Tara Lindqvist")
        page = visit(client, f"/cases/{reference}").text()
        assert "this mailbox doesn’t exist" in page and BUTTON in page
        try_again(client, reference)
        (receipt,) = [mail for mail in deliver(apps, server) if mail.recipient == RAY]
    after = visit(client, f"/cases/{reference}").text()
    assert BUTTON not in after and "tried the address again" in after
    assert get(apps["intake"].test_client(), path_in(receipt)).status == 200
    kinds = [mail.kind for mail in rows(apps["notify"], Mail, Mail.recipient == RAY)]
    assert kinds == ["receipt", "receipt"]


def test_a_mailbox_that_still_does_not_exist_is_banned_again(apps: Mapping[str, Flask]):
    with refusing(RAY, times=2) as server:
        reference = bounced_receipt(apps, server)
        client = signed_in(apps["review"], "triage")
        try_again(client, reference)
        deliver(apps, server)
    assert BUTTON in visit(client, f"/cases/{reference}").text()
    said = [each["suppressed"] for each in announced(apps["notify"]) if "suppressed" in each]
    assert said == [True, False, True]


def test_a_reader_sees_the_ban_without_the_button(apps: Mapping[str, Flask]):
    with refusing(RAY) as server:
        reference = bounced_receipt(apps, server)
    page = visit(signed_in(apps["review"], "auditor"), f"/cases/{reference}").text()
    assert "this mailbox doesn’t exist" in page and BUTTON not in page


def test_a_mail_that_failed_for_another_reason_has_no_such_button(apps: Mapping[str, Flask]):
    with sink([("rcpt", b"550 5.7.1 blocked by policy\r\n")] * 2) as server:
        reference = bounced_receipt(apps, server)
    page = visit(signed_in(apps["review"], "triage"), f"/cases/{reference}").text()
    assert "blocked by policy" in page and BUTTON not in page


@pytest.mark.parametrize("kind", sorted(ASKED_AGAIN))
@on_sqlite
def test_each_mail_about_a_case_is_asked_for_again_once(apps: Mapping[str, Flask], kind: str):
    intake = apps["intake"]
    send_proposal(intake)
    proposal = only(intake, Proposal)
    owner = {"name": "Lena Ortiz", "email": "lena@lakeside.example"}
    case = {"public_label": "being_read", "contact": owner}
    review_reports(intake, proposal, version=1, letter=None, **case)
    said = {"post_id": uuid4(), "side": "office", "author": "Renata Kowalczyk"}
    take(intake, an_event("post.added.v1", proposal_id=proposal.id, **said))
    if kind == "decision":
        review_reports(intake, proposal, version=2)
    first = mailed(intake, kind)[-1]
    about = {"mail_id": first["mail_id"], "proposal_id": proposal.id, "kind": kind}
    news = {"cause": first["dedupe_key"], "state": "bounced", "version": 3, "released": True}
    for _ in range(2):
        take(intake, an_event("mail.changed.v1", **about, **news, suppressed=False))
    again = mailed(intake, kind)[-1]
    assert again["dedupe_key"].startswith(first["dedupe_key"] + ":again-")
    assert again["variables"]["status_url"] != first["variables"]["status_url"]
    assert len(mailed(intake, kind)) == 2


def test_who_asks_for_a_link_reads_the_same_way_out_whether_we_can_mail_or_not(
    apps: Mapping[str, Flask],
):
    with refusing(RAY) as server:
        reference = bounced_receipt(apps, server)
    client = apps["intake"].test_client()
    asked = (RAY, reference, "stranger@example.org", "HK4T-W7RB")
    pages = {request_link(client, typed).text() for typed in asked}
    (said,) = pages
    before, _, after = said.partition("If our emails bounced before, we stop sending.")
    assert after and "elearning@lakeside.example" in after, "with a mailbox to write to"


def test_the_status_page_says_that_the_last_mail_did_not_arrive(apps: Mapping[str, Flask]):
    intake = apps["intake"]
    _, path = sent_with_link(intake)
    about = {"mail_id": uuid4(), "proposal_id": only(intake, Proposal).id, "kind": "looked_after"}
    client = intake.test_client()
    for version, state, told in ((1, "sent", False), (2, "bounced", True)):
        take(intake, an_event("mail.changed.v1", **about, version=version, state=state))
        page = press(client, get(client, path), ("go", "open"))
        assert ("didn’t reach you" in page.text()) is told
