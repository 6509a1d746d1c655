"""Text that arrives while its idea is sent, or later, from this page, another tab or device."""

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


def test_an_idea_is_sent_though_the_page_does_not_know_yet_that_its_script_has_saved(
    apps: dict[str, Flask],
):
    client = apps["intake"].test_client()
    typed.core(client, sample(HALF))
    page = typed.ready(client, sample(HALF))
    kept = client.post(page.form.action, data=dict(page.form.data()) | {"go": "keep"})
    assert kept.status_code == 200  # and has not reached the page yet
    assert typed.send(client, page).path == "/sent"


def test_an_idea_is_not_sent_with_last_answers_that_its_page_did_not_show(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    typed.core(client, sample(HALF))
    press(client, typed.ready(client, sample(HALF)), ("go", "back"))
    page, other = get(client, "/draft/check"), get(client, "/draft/check")
    for choice in other.form.named("consent_share"):
        choice.on = not choice.on
    press(client, other, ("go", "back"))
    assert "changed in another window" in typed.send(client, page).text()
