"""The least consumer: kombu, prefetch 16, strict JSON, a schema, one commit and one ack an event.

AMQP DATABASE; it reads QUEUE until SIGTERM. The database notes when each event was committed.
"""

import json
import signal
import sys
import threading
from typing import Any

import psycopg
from kombu import Connection, Consumer, Exchange, Queue
from marshmallow import EXCLUDE, Schema, fields

QUEUE = "bench.floor"
PREFETCH = 16
TABLE = """CREATE TABLE IF NOT EXISTS floor_inbox
  (id uuid PRIMARY KEY, thing uuid, body text, at timestamptz DEFAULT clock_timestamp())"""
INSERT = "INSERT INTO floor_inbox (id, thing, body) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"


class Data(Schema):
    """The same fields as `mail.changed.v1`."""

    version = fields.Integer(required=True, strict=True)
    mail_id = fields.UUID(required=True)
    proposal_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    cause = fields.String(required=True)
    state = fields.String(required=True)
    reason = fields.String(allow_none=True)
    changed_at = fields.AwareDateTime(required=True)


class Envelope(Schema):
    """The same fields as our envelope."""

    specversion = fields.String(required=True)
    id = fields.UUID(required=True)
    source = fields.String(required=True)
    type = fields.String(required=True)
    subject = fields.String(required=True)
    time = fields.AwareDateTime(required=True)
    traceparent = fields.String(required=True)
    data = fields.Nested(Data(unknown=EXCLUDE), required=True)


def queue(name: str = QUEUE) -> Queue:
    """A quorum queue, as ours are."""
    kind = {"x-queue-type": "quorum"}
    return Queue(name, Exchange(""), routing_key=name, durable=True, queue_arguments=kind)


def main(amqp: str, database: str) -> None:
    """Consume until SIGTERM."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    envelope = Envelope(unknown=EXCLUDE)
    with psycopg.connect(database) as link, Connection(amqp) as connection:
        channel = connection.channel()
        bound = queue()(channel)
        bound.declare()

        def arrived(message: Any) -> None:
            text = str(message.body)  # py-amqp has decoded it
            event = envelope.load(json.loads(text, object_pairs_hook=_once, parse_constant=_never))
            link.execute(INSERT, (event["id"], event["data"]["mail_id"], text))
            link.commit()
            message.ack()

        with Consumer(channel, [bound], on_message=arrived, prefetch_count=PREFETCH):
            while not stop.is_set():
                try:
                    connection.drain_events(timeout=0.5)
                except TimeoutError:
                    continue


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _never(name: str) -> None:
    raise ValueError(name)


if __name__ == "__main__":
    main(*sys.argv[1:])
