"""Broken, forged or malicious messages from the queue are kept once, with a reason."""

import gzip
import hashlib
import json
import os
import pickle
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notify.models import Mail
from services.review.models import Case, MailStatus
from shared import strict_json
from shared.broker.consumer import Verdict
from shared.tables import DeferredEvent, InboxRow, OutboxRow
from tests.factories import an_event, contents, count, id_of, rows
from tests.fakes import take

MAIL = "mail.changed.v1"
MIB = 1024 * 1024


class TouchesAFile:
    """A pickle that would run code in the process that opens it."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, (str(self.path),))


def parked(app: Flask, body: bytes, *, reason: str, **delivery: Any) -> DeferredEvent:
    """Deliver it three times: one parked row keeps its bytes, and the next event is handled."""
    for _ in range(3):
        assert take(app, body, **delivery) is Verdict.ACK
    (row,) = rows(app, DeferredEvent)
    assert (row.state, row.reason.split(":")[0]) == ("parked", reason)
    assert bytes(row.envelope) == body[:MIB]
    assert count(app, InboxRow) == count(app, OutboxRow) == 0
    assert take(app, an_event(MAIL, mail_id=uuid.uuid4())) is Verdict.ACK
    assert count(app, MailStatus) == 1
    found: DeferredEvent = row
    return found


UNREADABLE = {
    "nothing": b"",
    "no JSON": b"hello",
    "YAML": b"specversion: '1.0'\nid: 5\n",
    "a JSON list": b"[1,2]",
    "half of an event": an_event(MAIL)[:-5],
    "two events": an_event(MAIL) * 2,
    "not UTF-8": an_event(MAIL).replace(b"receipt", b"re\xffeipt"),
    "too deep": b'{"a":' * 5000,
    "a key twice": an_event(MAIL)[:-1] + b',"id":"x"}',
    "NaN": an_event(MAIL).replace(b'"version":3', b'"version":NaN'),
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_b76_a_message_that_is_no_event_is_parked_once_with_its_bytes(
    apps: dict[str, Flask], body: bytes
):
    is_list = body.startswith(b"[")
    row = parked(apps["review"], body, reason="bad_envelope" if is_list else "undecodable")
    assert row.event_id == uuid.uuid5(uuid.NAMESPACE_OID, hashlib.sha256(body).hexdigest())


def test_b76_ten_megabytes_are_parked_with_their_first(apps: dict[str, Flask]):
    body = an_event(MAIL, reason="a" * 10 * MIB)
    assert len(parked(apps["review"], body, reason="too_large").envelope) == MIB


@pytest.mark.parametrize(
    "kind",
    ["application/x-python-serialize", "application/x-yaml", "application/json", "text/plain"]
    + ["", None, "application/data", "application/x-msgpack"],
)
def test_b76_another_kind_of_content_is_parked_unread(apps: dict[str, Flask], kind: str | None):
    parked(apps["review"], an_event(MAIL), reason="undecodable", content_type=kind)


@pytest.mark.parametrize("kind", ["application/x-python-serialize", "application/cloudevents+json"])
def test_b76_a_pickle_is_kept_and_never_opened(apps: dict[str, Flask], tmp_path: Path, kind: str):
    touched = tmp_path / "touched"
    body = pickle.dumps(TouchesAFile(touched))
    parked(apps["review"], body, reason="undecodable", content_type=kind)
    assert not touched.exists()
    pickle.loads(body)  # noqa: S301 - the proof that this one would have done harm
    assert touched.exists()


@pytest.mark.parametrize("how", ["application/x-gzip", "application/x-bz2", "zlib"])
def test_b77_a_compressed_body_is_refused_before_it_is_inflated(apps: dict[str, Flask], how: str):
    bomb = gzip.compress(bytes(50 * MIB))
    parked(apps["review"], bomb, reason="undecodable", headers={"compression": how})


@pytest.mark.parametrize("encoding", ["gzip", "base64", "utf-16", "binary; x"])
def test_b77_another_encoding_is_refused(apps: dict[str, Flask], encoding: str):
    parked(apps["review"], an_event(MAIL), reason="undecodable", content_encoding=encoding)


ENVELOPES: dict[str, dict[str, Any]] = {
    "an id that is none": {"id": "5"},
    "an id of ten thousand characters": {"id": "a" * 10_000},
    "an id that is a number": {"id": 5},
    "a source of a kilobyte": {"source": "s" * 1000},
    "a type of a kilobyte": {"type": "edu.overture." + "t" * 1000},
    "another version of CloudEvents": {"specversion": "2.0"},
    "a version that is a number": {"specversion": 1.0},
    "a trace that is none": {"traceparent": "x\r\nadmin logged in"},
    "data that is text": {"data": "<xml/>"},
    "data that is a list": {"data": []},
    "data of another content": {"datacontenttype": "text/xml"},
}


@pytest.mark.parametrize("wrong", ENVELOPES.values(), ids=ENVELOPES)
def test_b78_an_envelope_that_is_not_in_order_is_parked(
    apps: dict[str, Flask], wrong: dict[str, Any]
):
    parked(apps["review"], an_event(MAIL, envelope=wrong), reason="bad_envelope")


@pytest.mark.parametrize("gone", sorted(strict_json.loads(an_event(MAIL))))
def test_b78_an_envelope_that_lacks_something_is_parked(apps: dict[str, Flask], gone: str):
    event_body = strict_json.loads(an_event(MAIL))
    del event_body[gone]
    parked(apps["review"], strict_json.dumps(event_body), reason="bad_envelope")


@pytest.mark.parametrize(
    "wrong",
    [{"version": "3"}, {"version": 0}, {"version": True}, {"version": 1.5}, {"version": None}]
    + [{"mail_id": "x"}, {"state": "eaten"}, {"kind": 5}, {"kind": ["receipt"]}]
    + [{"changed_at": "yesterday"}, {"changed_at": "2026-09-01T14:31:00"}],
    ids=str,
)
def test_b78_data_of_another_shape_is_parked_and_never_turned_into_the_right_one(
    apps: dict[str, Flask], wrong: dict[str, Any]
):
    event = an_event(MAIL, **wrong)
    assert parked(apps["review"], event, reason="bad_data").event_id == id_of(event)


@pytest.mark.parametrize("name", ["mail.changed.v2", "mail.exploded.v1", "x", "mail.changed"])
def test_b78_an_event_that_this_release_does_not_know_is_parked(apps: dict[str, Flask], name: str):
    event = an_event(MAIL, envelope={"type": f"edu.overture.{name}"})
    known_noun = name.startswith("mail.changed")
    parked(apps["review"], event, reason="future_version" if known_noun else "unknown_type")


@pytest.mark.parametrize("kind", ["org.evil.mail.changed.v1", "mail.changed.v1"])
def test_b78_an_event_that_is_not_of_the_suite_is_parked(apps: dict[str, Flask], kind: str):
    parked(apps["review"], an_event(MAIL, envelope={"type": kind}), reason="unknown_type")


@pytest.mark.parametrize("name", ["mail.requested.v1", "case.changed.v1"])
def test_b78_an_event_that_is_not_for_this_service_is_parked(apps: dict[str, Flask], name: str):
    review, event = apps["review"], an_event(name)
    for _ in range(2):
        assert take(review, event) is Verdict.ACK
    assert [row.state for row in rows(review, DeferredEvent)] == ["parked"]
    assert count(review, InboxRow) == 0


@pytest.mark.parametrize("time", ["1970-01-01T00:00:00Z", "2100-01-01T00:00:00Z", "not a time"])
def test_b80_the_time_of_an_event_decides_nothing(apps: dict[str, Flask], time: str):
    review = apps["review"]
    take(review, an_event(MAIL, version=3, state="sent", envelope={"time": time}))
    take(review, an_event(MAIL, version=2, state="failed"))
    assert [fate.state for fate in rows(review, MailStatus)] == ["sent"]


def test_b82_code_and_formulas_inside_an_event_are_text(apps: dict[str, Flask]):
    review, canary = apps["review"], "<script>alert(1)</script>=cmd|' /C calc'!A0\r\nBcc: x@y.org"
    data = strict_json.loads(an_event("proposal.changed.v1"))["data"]
    data["answers"] |= {"working_title": canary, "summary": canary}
    take(review, an_event("proposal.changed.v1", **data))
    assert [case.title for case in rows(review, Case)] == [canary]


def test_b82_a_line_break_that_would_become_a_header_makes_no_mail(apps: dict[str, Flask]):
    notify = apps["notify"]
    data = strict_json.loads(an_event("mail.requested.v1"))["data"]
    for number, value in enumerate(["HK4T\r\nBcc: x@y.org", "A=?UTF-8?Q?=0A?=Bcc: x"]):
        variables = data["variables"] | {"reference": value}
        fresh: dict[str, Any] = {"mail_id": uuid.uuid4(), "dedupe_key": f"receipt:{number}"}
        take(notify, an_event("mail.requested.v1", variables=variables, **fresh))
    assert [mail.state for mail in rows(notify, Mail)] == ["failed", "failed"]
    assert [bytes(mail.rendered) for mail in rows(notify, Mail)] == [b"", b""]


def test_b83_an_event_about_nothing_we_know_is_kept_or_deferred_and_makes_no_person(
    apps: dict[str, Flask],
):
    intake = apps["intake"]
    take(intake, an_event("case.changed.v1"))
    take(intake, an_event("post.added.v1"))
    take(intake, an_event("person.forgotten.v1"))
    filled_tables = {name for name, found in contents(intake).items() if found}
    assert filled_tables == {"case_views", "forgotten", "inbox", "profile_version", "work"}


HEADERS: dict[str, dict[str, Any]] = {
    "a thousand": {f"x-{number}": "y" * 50 for number in range(1000)},
    "nested a hundred deep": {"x": json.loads('{"a":' * 100 + "1" + "}" * 100)},
    "a forged death": {"x-death": [{"count": 99, "reason": "rejected"}], "x-death-count": 99},
    "a forged count": {"x-delivery-count": 999_999},
    "a forged first death": {"x-first-death-reason": "delivery_limit"},
    "strange types": {"compression": "", "x": b"\xff", "y": None, "content_type": "pickle"},
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_b84_headers_decide_nothing(apps: dict[str, Flask], headers: dict[str, Any]):
    review = apps["review"]
    assert take(review, an_event(MAIL), headers=headers) is Verdict.ACK
    assert count(review, MailStatus) == 1
    assert count(review, DeferredEvent) == 0


@settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.integers(0, 2**16), st.binary(min_size=1, max_size=4))
def test_an_event_with_a_few_bytes_exchanged_is_handled_or_kept(
    apps: dict[str, Flask], place: int, noise: bytes
):
    review, event = apps["review"], an_event("proposal.changed.v1", proposal_id=uuid.uuid4())
    place %= len(event)
    damaged = event[:place] + noise + event[place + len(noise) :]
    before = count(review, InboxRow) + count(review, DeferredEvent)
    assert take(review, damaged) is Verdict.ACK
    assert count(review, InboxRow) + count(review, DeferredEvent) == before + 1
