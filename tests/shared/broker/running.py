"""A consume loop in a thread for tests, with its deliveries and states."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from shared.broker.connection import connect
from shared.broker.consumer import Delivery, Pace, Verdict, consume
from tests.fake_broker import Talk
from tests.shared.broker import talk

KEY = "proposal.changed.v1"
QUEUE = "review.from-intake.v1"
QUICK = Pace(0.05, 0.2, 1200.0, 0.01, 0.1)


class Run:
    """A running consume loop, with its deliveries and states."""

    def __init__(self, url: str, handle: Callable[[Delivery], Verdict], **options: Any) -> None:
        self.seen: list[Delivery] = []
        self.states: list[str] = []
        self.beats = 0
        self.error: BaseException | None = None
        self.stop = threading.Event()
        self._handle = handle
        self._options = {"pace": QUICK, **options}
        self._thread = threading.Thread(target=self._consume, args=(url,))
        self._thread.start()

    def _consume(self, url: str) -> None:
        try:
            consume(
                url,
                "review",
                self._see,
                self.stop,
                beat=self._beat,
                state=self.states.append,
                **self._options,
            )
        except Exception as error:
            self.error = error

    def _see(self, delivery: Delivery) -> Verdict:
        self.seen.append(delivery)
        return self._handle(delivery)

    def _beat(self) -> None:
        self.beats += 1

    def until(self, condition: Callable[["Run"], object]) -> None:
        end = time.monotonic() + talk.DEADLINE
        while not condition(self):
            assert time.monotonic() < end, (self.seen, self.states, self.error)
            time.sleep(0.01)

    def end(self) -> None:
        self.stop.set()
        self._thread.join(timeout=talk.DEADLINE)
        assert not self._thread.is_alive()


@contextmanager
def running(
    url: str, handle: Callable[[Delivery], Verdict] = lambda _: Verdict.ACK, **options: Any
) -> Iterator[Run]:
    run = Run(url, handle, **options)
    try:
        yield run
    finally:
        run.end()


def send(url: str, *bodies: bytes, **properties: Any) -> None:
    with connect(url, name="test") as connection, connection.channel() as channel:
        for body in bodies:
            message = channel.prepare_message(body, **properties)
            channel.basic_publish(message, exchange="intake.events", routing_key=KEY)


def deliver_once(body: bytes, *, properties: bytes = b"\0\0") -> Callable[[Talk, str], None]:
    def script(peer: Talk, consumer: str) -> None:
        if consumer == QUEUE:
            peer.deliver(consumer, 1, body, properties=properties)

    return script
