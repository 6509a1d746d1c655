"""The examples of docs/map.md at work: test_map.py runs this in a copy that has them."""

from flask import Flask

from services.notify.models import Mail
from tests.apps import on_sqlite
from tests.factories import rows
from tests.fakes import carry
from tests.review.office import do, member, post, signed_in, submitted, visit

PRESSED = "Add to the agenda"


@on_sqlite
def test_the_new_act_is_offered_recorded_and_mailed_to_the_owner(apps: dict[str, Flask]):
    reference = submitted(apps)
    client = signed_in(apps["review"], "triage", name="Nia Okonkwo")
    assert do(client, reference, "take").status == 303
    assert PRESSED in visit(client, f"/cases/{reference}").text()

    assert do(client, reference, "agenda").status == 303

    page = visit(client, f"/cases/{reference}", done="agenda").text()
    assert "Added to the agenda." in page
    assert page.count("Added to the agenda") == 2, "the notice, and the entry of the activity"
    carry(apps)
    owner = member(apps["review"], "nia.okonkwo@office.example")
    (mail,) = rows(apps["notify"], Mail, Mail.kind == "on_agenda")
    assert (mail.recipient, mail.state) == (owner.email, "queued")
    assert f"Subject: {reference} is on the agenda".encode() in mail.rendered


@on_sqlite
def test_the_new_act_is_refused_to_an_auditor(apps: dict[str, Flask]):
    reference = submitted(apps)
    auditor = signed_in(apps["review"], "auditor")
    assert PRESSED not in visit(auditor, f"/cases/{reference}").text()
    assert post(auditor, f"/cases/{reference}/agenda").status == 403
