"""Any bytes reach the handler unchanged and do no harm on the way."""

import tracemalloc
import zlib
from typing import Any

import pytest

from tests.fake_broker import fake_broker
from tests.shared.broker.running import deliver_once, running, send

HOSTILE: dict[str, dict[str, Any]] = {
    "not JSON": {"body": b"\xff\xfe{", "content_type": "application/cloudevents+json"},
    "empty": {"body": b""},
    "pickle": {"body": b"\x80\x04.", "content_type": "application/x-python-serialize"},
    "yaml": {"body": b"!!python/object:os.system", "content_type": "application/x-yaml"},
    "an encoding that nobody knows": {"body": b"\xff", "content_encoding": "no-such-encoding"},
    "a true encoding": {"body": "é".encode(), "content_encoding": "utf-8"},
    "compressed but is not": {"body": b"x", "headers": {"compression": "application/x-gzip"}},
    "a forged count": {"body": b"x", "headers": {"x-death": [{"count": 9}], "x-retries": 10**9}},
    "a thousand headers": {"body": b"x", "headers": {f"h{n}": n for n in range(1000)}},
    "a megabyte": {"body": b"\0" * 1_000_000},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_reach_the_handler_as_they_are(laid: str, name: str) -> None:
    message = dict(HOSTILE[name])
    send(laid, message["body"], **{key: message[key] for key in message if key != "body"})
    with running(laid) as run:
        run.until(lambda run: run.seen)
    (delivery,) = run.seen
    assert delivery.body == message["body"]
    assert delivery.content_type == message.get("content_type")
    assert delivery.content_encoding == message.get("content_encoding")
    assert message.get("headers", {}).items() <= delivery.headers.items()
    assert run.states == ["connected"]


@pytest.mark.slow
def test_a_body_that_would_inflate_is_not_inflated(laid: str) -> None:
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(bytes(2**20)) for _ in range(100)) + packer.flush()
    assert len(bomb) < 200_000
    send(laid, bomb, headers={"compression": "application/x-gzip"})
    tracemalloc.start()
    try:
        with running(laid) as run:
            run.until(lambda run: run.seen)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert run.seen[0].body == bomb
    assert peak < 30 * 2**20  # inflated it would be 100 MiB


@pytest.mark.parametrize(
    "properties",
    [
        b"\x80\x00\x02\xff\xfe",  # a content type that is not UTF-8
        b"\x00\x40" + b"\xff" * 8,  # a date beyond the year 10000
        b"\x20\x00\x00\x00\x00\x0b\x01hT" + b"\xff" * 8,  # such a date in a header
        b"\x20\x00\x00\x00\x00\x03\x01hZ",  # a type of field that nobody knows
        b"\x20\x00\x00\x00\xff\xff\x01hS",  # a table that ends too soon
        b"\x20\x00\x00\x01\x00\x00\x01h" + b"A\x00\x00\xff\xff" * 9000,  # lists in lists in lists
    ],
)
def test_properties_that_cannot_be_read_do_not_end_the_loop(properties: bytes) -> None:
    script = deliver_once(b"body", properties=properties)
    with fake_broker(on_consume=script) as (url, peers), running(url) as run:
        run.until(lambda run: peers and peers[0].acked)
        assert run.states == ["connected"]
    assert [delivery.body for delivery in run.seen] == [b"body"]
