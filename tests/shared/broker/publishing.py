"""Messages to publish, and a publisher that is closed at the end."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from shared.broker.publisher import Message, Publisher

KEY = "proposal.changed.v1"


def some(*keys: int, event_type: str = KEY) -> list[Message]:
    return [Message(key, event_type, f"event-{key}", b"{%d}" % key) for key in keys]


@contextmanager
def publishing(url: str) -> Iterator[Publisher]:
    with closing(Publisher(url, "intake")) as publisher:
        yield publisher
