"""/metrics gives Prometheus its numbers, on loopback or with the token."""

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families as parsed

from tests.apps import TOKEN, make
from tests.factories import send_proposal
from tests.fakes import carry
from tests.review.office import received


def numbers(app: Flask) -> dict[str, float]:
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200 and answer.content_type.startswith("text/plain")
    samples = {}
    for family in parsed(answer.text):
        for sample in family.samples:
            labels = ",".join(sample.labels.values())
            samples[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return samples


def test_waiting_work_is_counted_in_each_service(apps: dict[str, Flask]):
    before = numbers(apps["intake"])
    assert (before["overture_outbox_waiting"], before["overture_outbox_oldest_seconds"]) == (0, 0)
    send_proposal(apps["intake"])
    found = numbers(apps["intake"])
    assert found["overture_outbox_waiting"] == 2
    assert 0 < found["overture_outbox_oldest_seconds"] < 60
    carry(apps)
    assert numbers(apps["intake"])["overture_outbox_waiting"] == 0
    mails = numbers(apps["notify"])
    assert mails["overture_mails{queued}"] == 2 and mails["overture_mail_oldest_seconds"] > 0
    assert mails["overture_mailboxes_suppressed"] == 0


def test_metrics_contain_no_personal_data(apps: dict[str, Flask]):
    (reference,) = received(apps["review"])
    text = apps["review"].test_client().get("/metrics").text
    assert reference not in text and "@" not in text


@pytest.mark.parametrize("service", ["intake", "review", "notify"])
def test_a_stranger_gets_no_numbers_without_the_token(apps: dict[str, Flask], service: str):
    client = apps[service].test_client()
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    for given in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}):
        answer = client.get("/metrics", environ_overrides=elsewhere, headers=given)
        assert answer.status_code == 401 and "overture_" not in answer.text
    right = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", environ_overrides=elsewhere, headers=right).status_code == 200


def test_without_a_token_set_nobody_elsewhere_has_the_right_one():
    app = make("notify", API_TOKEN="")
    answer = app.test_client().get(
        "/metrics",
        environ_overrides={"REMOTE_ADDR": "203.0.113.7"},
        headers={"Authorization": "Bearer "},
    )
    assert answer.status_code == 401
