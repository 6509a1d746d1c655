"""A fake broker: everything between outbox and inbox in one process, message by message."""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from sqlalchemy import update

from shared import db, events, inbox, outbox
from shared.broker.consumer import Delivery, Verdict
from shared.broker.publisher import Message, Outcome
from shared.tables import DeferredEvent, now


class FakeBroker:
    """Publishes like the real one and keeps the accepted messages in order.

    `down`: nothing arrives and everything is in doubt. `refuses`: the answer ("nacked" or
    "unroutable") for some messages, by their content. `confirms`: after this many confirms the rest
    is in doubt, although all have arrived.
    """

    def __init__(self, *, down: bool = False, confirms: int | None = None):
        self.taken: deque[Message] = deque()
        self.down = down
        self.confirms = confirms
        self.refuses: Callable[[Message], str | None] = lambda message: None

    def publish(
        self,
        messages: list[Message],
        *,
        deadline: float = 5.0,
        on_published: Callable[[], None] | None = None,
    ) -> Outcome:
        if self.down:
            return Outcome(confirmed=set(), refused={}, failure=OSError("connection refused"))
        reasons = {message.key: self.refuses(message) for message in messages}
        refused = {key: reason for key, reason in reasons.items() if reason}
        arrived = [message for message in messages if message.key not in refused]
        self.taken.extend(arrived)
        sure = arrived if self.confirms is None else arrived[: self.confirms]
        doubt = TimeoutError("no confirm") if len(sure) < len(arrived) else None
        return Outcome(
            confirmed={message.key for message in sure}, refused=dict(refused), failure=doubt
        )


def delivery(body: bytes, **properties: Any) -> Delivery:
    """A message in the form that the consumer passes to the inbox."""
    headers = {
        "body": body,
        "content_type": "application/cloudevents+json",
        "content_encoding": "utf-8",
        "headers": {},
        "redelivered": False,
        "queue": "review.from-intake.v1",
        "dead": False,
    }
    return Delivery(**{**headers, **properties})


def take(
    app: Flask,
    body: bytes,
    *,
    handlers: Mapping[str, inbox.Handler] | None = None,
    **properties: Any,
) -> Verdict:
    """Pass one message to the inbox of an app, with its own handlers or these."""
    with app.app_context():
        known = app.extensions["handlers"] if handlers is None else handlers
        return inbox.handle(delivery(body, **properties), handlers=known)


def relay(app: Flask, broker: FakeBroker) -> int:
    """Run the relay of an app once; returns the number of confirmed events."""
    with app.app_context():
        return outbox.relay(broker).confirmed


def retry(app: Flask, *, handlers: Mapping[str, inbox.Handler] | None = None) -> int:
    """Run the retry loop of an app once, with all deferred events due."""
    with app.app_context():
        with db.begin() as session:
            session.execute(update(DeferredEvent).values(next_attempt_at=now()))
        return inbox.retry(handlers=app.extensions["handlers"] if handlers is None else handlers)


def carry(apps: dict[str, Flask], *, times: int = 1) -> list[str]:
    """Relay and deliver each message `times` times until nothing is left; returns the messages."""
    carried: list[str] = []
    moved = True
    while moved:
        moved = False
        for publisher, app in apps.items():
            broker = FakeBroker()
            while relay(app, broker):
                pass
            for message in broker.taken:
                moved = True
                carried.append(message.event_type)
                for consumer in events.consumers(message.event_type, publisher):
                    for _ in range(times):
                        take(apps[consumer], message.body, queue=f"{consumer}.from-{publisher}.v1")
    return carried
