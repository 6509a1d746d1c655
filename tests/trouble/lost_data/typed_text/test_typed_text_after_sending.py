"""Text that arrives after its idea was sent, from another device or tab, can still be copied."""

from flask import Flask

from tests.factories import sample
from tests.intake import form_filling as typed
from tests.intake.browsing import get, press

HALF = "partner-half-idea"
ANSWERS = sample(HALF)["answers"]


def test_text_typed_on_a_second_device_after_sending_can_be_copied(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    typed.core(client, sample(HALF))
    late = get(client, "/draft/idea")
    assert typed.send(client, typed.ready(client, sample(HALF))).path == "/sent"
    late.form.named("working_title")[0].value = "A better title from the phone"
    refused = press(client, late)
    assert refused.status == 409
    assert "Copy what you typed" in refused.text()
    assert "A better title from the phone" in refused.text()
    assert ANSWERS["contact_name"] not in refused.text(), "only what the sent idea lacks"


def test_text_typed_on_the_last_page_after_sending_can_be_copied(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    typed.core(client, sample(HALF))
    late = typed.ready(client, sample(HALF))
    assert typed.send(client, typed.ready(client, sample(HALF))).path == "/sent"
    for box in late.form.named("confidentiality.keep_private"):
        box.on = True
    late.form.named("confidentiality.note")[0].value = "The price is a secret"
    refused = typed.send(client, late)
    assert refused.status == 409
    assert "The price is a secret" in refused.text()


def test_the_page_after_sending_shows_no_box_where_nothing_was_changed(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    typed.core(client, sample(HALF))
    late = get(client, "/draft/idea")
    assert typed.send(client, typed.ready(client, sample(HALF))).path == "/sent"
    assert "Copy what you typed" not in press(client, late).text()
