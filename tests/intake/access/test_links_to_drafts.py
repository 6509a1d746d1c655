"""A link to an unsent draft can be asked for by the contact address that was typed in it."""

from typing import Any

import pytest
from flask import Flask

from services.intake import erasure
from services.intake.models import Draft
from shared import db
from tests.factories import rows, sample
from tests.intake import form_filling as typed
from tests.intake.browsing import get, press
from tests.intake.mailed_links import HALF, link_in, mailed, request_link

ANSWERS = sample(HALF)["answers"]
ADA = ANSWERS["contact_email"]


def begun(intake: Flask, **answers: Any) -> str:
    """A draft whose first page is saved, in a browser of its own; its reference."""
    client = intake.test_client()
    before = {draft.id for draft in rows(intake, Draft)}
    press(client, typed.fill(client, typed.begin(client, "partner"), ANSWERS | answers))
    (draft,) = [draft for draft in rows(intake, Draft) if draft.id not in before]
    return str(draft.reference)


@pytest.mark.parametrize("known", [ADA, ADA.upper(), "reference"])
def test_a_link_reaches_the_typed_address_though_none_was_mailed_before(
    apps: dict[str, Flask], known: str
):
    intake = apps["intake"]
    reference = begun(intake)
    request_link(intake.test_client(), reference if known == "reference" else known)
    (mail,) = mailed(intake, "sign_in_link")
    assert (mail["to_address"].casefold(), mail["reference"]) == (ADA.casefold(), reference)
    other = intake.test_client()
    opened = press(other, get(other, link_in(mail)), ("go", "open"))
    assert opened.path == "/draft/idea"
    assert get(other, "/draft/you").form.named("contact_email")[0].value == ADA


def test_that_mail_holds_nothing_that_was_typed(apps: dict[str, Flask]):
    intake = apps["intake"]
    begun(intake, contact_name="WIN A PRIZE at evil.example")
    request_link(intake.test_client(), ADA)
    (mail,) = mailed(intake, "sign_in_link")
    assert "evil.example" not in str(mail) and mail["to_name"] == ""


@pytest.mark.parametrize("address", ["pat@münchen.example", "pat@xn--mnchen-3ya.example"])
def test_an_address_in_another_spelling_is_the_same_mailbox(apps: dict[str, Flask], address: str):
    intake = apps["intake"]
    begun(intake, contact_email="Pat@München.example")
    request_link(intake.test_client(), address)
    assert [mail["to_address"] for mail in mailed(intake, "sign_in_link")] == [
        "pat@xn--mnchen-3ya.example"
    ]


def test_an_address_that_is_no_contact_of_the_draft_gets_nothing(apps: dict[str, Flask]):
    intake = apps["intake"]
    begun(intake, need="Write to somebody@example.org", contact_email=ADA)
    request_link(intake.test_client(), "somebody@example.org")
    assert mailed(intake, "sign_in_link") == []


def test_the_address_that_was_typed_last_counts(apps: dict[str, Flask]):
    intake = apps["intake"]
    client = intake.test_client()
    press(client, typed.fill(client, typed.begin(client, "partner"), ANSWERS))
    page = get(client, "/draft/you")
    page.form.named("contact_email")[0].value = "other@example.org"
    press(client, page)
    request_link(intake.test_client(), ADA)
    assert mailed(intake, "sign_in_link") == []
    request_link(intake.test_client(), "other@example.org")
    assert len(mailed(intake, "sign_in_link")) == 1


def test_a_reference_sends_the_link_where_one_was_mailed_before(apps: dict[str, Flask]):
    intake = apps["intake"]
    client = intake.test_client()
    page = typed.fill(client, typed.begin(client, "partner"), ANSWERS)
    stopped = press(client, page, ("go", "later"))
    stopped.form.named("email")[0].value = "home@example.org"
    press(client, stopped, ("go", "mail"))
    (draft,) = rows(intake, Draft)
    request_link(intake.test_client(), draft.reference)
    (mail,) = mailed(intake, "sign_in_link")
    assert mail["to_address"] == "home@example.org"


def test_a_sent_draft_is_reached_only_as_its_proposal(apps: dict[str, Flask]):
    intake = apps["intake"]
    assert typed.play(intake.test_client(), sample(HALF)).path == "/sent"
    request_link(intake.test_client(), ADA)
    (mail,) = mailed(intake, "sign_in_link")
    client = intake.test_client()
    assert press(client, get(client, link_in(mail)), ("go", "open")).path.startswith("/status/")


def test_the_draft_of_a_stranger_hides_neither_the_draft_nor_the_idea_of_the_owner(
    apps: dict[str, Flask],
):
    intake = apps["intake"]
    client = intake.test_client()
    page = press(
        client, typed.fill(client, typed.begin(client, "partner"), ANSWERS), ("go", "later")
    )
    press(client, page, ("go", "mail"))
    (own,) = rows(intake, Draft)
    strange = begun(intake)
    request_link(intake.test_client(), ADA)
    assert {mail["reference"] for mail in mailed(intake, "sign_in_link")} == {
        own.reference,
        strange,
    }


def test_erasing_an_address_deletes_the_draft_that_it_reaches(apps: dict[str, Flask]):
    intake = apps["intake"]
    begun(intake, contact_email="pat@münchen.example")
    with intake.app_context(), db.begin() as session:
        assert erasure.erase(session, address="pat@xn--mnchen-3ya.example")
    assert rows(intake, Draft) == []


def test_asking_does_not_claim_the_draft_for_the_mailbox(apps: dict[str, Flask]):
    """Reminders go only where somebody had a link mailed from the draft itself."""
    intake = apps["intake"]
    begun(intake)
    request_link(intake.test_client(), ADA)
    (draft,) = rows(intake, Draft)
    assert (draft.person_id, draft.remind_at) == (None, None)
