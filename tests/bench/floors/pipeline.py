"""The least way from a row to a mail: `relay` or `mailer`, then AMQP DATABASE SMTP-PORT.

The relay listens for NOTIFY and confirms per batch; the mailer keeps its SMTP connection, and
commits and acknowledges each mail.
"""

import signal
import smtplib
import sys
import threading
from typing import Any

import psycopg
from kombu import Connection, Consumer, Producer

from tests.bench.floors.consumer import queue

BATCH = 100
PREFETCH = 16
QUEUE = "bench.pipeline"
TABLES = """CREATE TABLE IF NOT EXISTS floor_sent (id uuid PRIMARY KEY);
CREATE TABLE IF NOT EXISTS floor_mailed (id uuid PRIMARY KEY)"""
DUE = """SELECT id, recipient FROM floor_events WHERE recipient <> '' AND NOT EXISTS
  (SELECT FROM floor_sent WHERE floor_sent.id = floor_events.id) LIMIT 100"""
BODY = b"Subject: Received\r\n\r\n" + b"Thank you for your proposal.\r\n" * 40


def confirmed(connection: Any, channel: Any, messages: list[tuple[str, dict[str, str]]]) -> None:
    """Publish all to the named queues, then wait until the broker has confirmed each."""
    waiting = {"confirmed": 0}
    channel.confirm_select()

    def ack(tag: int, multiple: bool) -> None:
        waiting["confirmed"] = max(waiting["confirmed"], tag)

    channel.events["basic_ack"] = {ack}
    producer = Producer(channel)
    first = getattr(channel, "bench_published", 0)
    for body, where in messages:
        producer.publish(body, delivery_mode=2, content_type="application/json",
                         content_encoding="utf-8", **where)  # fmt: skip
    channel.bench_published = first + len(messages)
    while waiting["confirmed"] < channel.bench_published:
        connection.drain_events(timeout=10)


def relay(amqp: str, database: str, stop: threading.Event) -> None:
    """Publish what is new whenever NOTIFY says so, and once a second."""
    with psycopg.connect(database) as link, Connection(amqp) as connection:
        listener = psycopg.connect(database, autocommit=True)
        listener.execute("LISTEN floor")
        channel = connection.channel()
        queue(QUEUE)(channel).declare()
        while not stop.is_set():
            rows = link.execute(DUE).fetchall()
            if not rows:
                link.commit()
                for _ in listener.notifies(timeout=1.0, stop_after=1):
                    pass
                continue
            publications = [(f"{identity} {to}", {"routing_key": QUEUE}) for identity, to in rows]
            confirmed(connection, channel, publications)
            with link.cursor() as cursor:
                cursor.executemany("INSERT INTO floor_sent VALUES (%s)", [row[:1] for row in rows])
            link.commit()


def mailer(amqp: str, database: str, port: int, stop: threading.Event) -> None:
    """One mail an event."""
    server = smtplib.SMTP("127.0.0.1", port, local_hostname="floor")
    with psycopg.connect(database) as link, Connection(amqp) as connection:
        channel = connection.channel()
        bound = queue(QUEUE)(channel)
        bound.declare()

        def arrived(message: Any) -> None:
            identity, _, to = str(message.body).partition(" ")
            server.sendmail("floor@bench.example", [to], BODY)
            link.execute("INSERT INTO floor_mailed VALUES (%s) ON CONFLICT DO NOTHING", (identity,))
            link.commit()
            message.ack()

        with Consumer(channel, [bound], on_message=arrived, prefetch_count=PREFETCH):
            while not stop.is_set():
                try:
                    connection.drain_events(timeout=0.5)
                except TimeoutError:
                    continue


if __name__ == "__main__":
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    role, amqp_url, database_url, smtp_port = sys.argv[1:]
    if role == "relay":
        relay(amqp_url, database_url, told)
    else:
        mailer(amqp_url, database_url, int(smtp_port), told)
