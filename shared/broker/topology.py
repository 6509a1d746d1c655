"""The exchanges and queues, derived from the vocabulary; declared by a command, checked on connect.

Each pair of consumer and publisher has its own queue, so a slow consumer delays nobody else. Safety
settings are queue arguments and not a broker policy, which an operator could forget. Arguments
cannot be changed later, so the queue names carry a version. Bindings are exact event names.
"""

from amqp.exceptions import AccessRefused, NotFound, PreconditionFailed
from kombu.connection import Connection
from kombu.entity import Exchange, Queue, binding

from shared.events import EVENTS, SERVICES, consumers

VERSION = "v1"
DEAD_LETTERS = "overture.dlx"
DELIVERY_LIMIT = 20
# RabbitMQ 4 drops a message after 20 deliveries unless a limit is set; 3.10 has no "unlimited".
NO_LIMIT = 2**31 - 1
COMMAND = "flask --app services.review topology apply"
MISSING = "topology missing"  # how the trouble of a loop begins that waits for this command


class TopologyError(Exception):
    """The broker is not set up for this release; an operator must run `command`."""

    def __init__(self, message: str, *, names: list[str], command: str = COMMAND):
        super().__init__(f"{message}: {', '.join(names)}. Run: {command}")
        self.names = names
        self.command = command


class TopologyMissing(TopologyError):
    """Required exchanges or queues do not exist, or the broker user may not see them."""

    def __init__(self, names: list[str], command: str = COMMAND):
        super().__init__("Missing on the broker", names=names, command=command)


def exchange_of(publisher: str) -> str:
    """The name of the topic exchange to which a service publishes."""
    return f"{publisher}.events"


def parked(queue: str) -> str:
    """The name of the queue for the dead letters of a queue."""
    return f"{queue}.parked"


def is_parked(queue: str) -> bool:
    return queue.endswith(".parked")


def queues_of(consumer: str) -> list[str]:
    """The queues that a service reads, without their parked ones."""
    return [
        _queue(consumer, publisher)
        for publisher in SERVICES
        if _events_between(consumer, publisher)
    ]


def reached_by(publisher: str) -> list[str]:
    """The queues that the events of this publisher must reach."""
    return [
        _queue(consumer, publisher) for consumer in SERVICES if _events_between(consumer, publisher)
    ]


def apply(connection: Connection) -> list[str]:
    """Declare everything that does not exist yet; return the names.

    Raises TopologyError if something exists with other arguments.
    """
    dead_letters = Exchange(DEAD_LETTERS, "direct", durable=True)
    declared = []
    for entity in [dead_letters, *map(_exchange, SERVICES), *_queues(dead_letters)]:
        _declare(connection, entity)
        declared.append(entity.name)
    return declared


def check(connection: Connection, service: str) -> None:
    """Check all queues that this service reads and that its events must reach.

    The `mandatory` flag proves only that one queue got a message; this covers every consumer.
    Raises TopologyMissing with all missing names.
    """
    own = queues_of(service)
    queues = dict.fromkeys([*own, *map(parked, own), *reached_by(service)])
    needed: list[Exchange | Queue] = [_exchange(service), *map(Queue, queues)]
    missing = [entity.name for entity in needed if not _exists(connection, entity)]
    if missing:
        raise TopologyMissing(missing)


def _queue(consumer: str, publisher: str) -> str:
    return f"{consumer}.from-{publisher}.{VERSION}"


def _events_between(consumer: str, publisher: str) -> list[str]:
    """The events that go from the publisher to the consumer."""
    return [
        name
        for name, event in EVENTS.items()
        if publisher in event.publishers and consumer in consumers(name, publisher)
    ]


def _exchange(publisher: str) -> Exchange:
    return Exchange(exchange_of(publisher), "topic", durable=True)


def _queues(dead_letters: Exchange) -> list[Queue]:
    queues = []
    for consumer in SERVICES:
        for publisher in SERVICES:
            if keys := _events_between(consumer, publisher):
                name = _queue(consumer, publisher)
                queues.append(_parking(name, dead_letters))
                queues.append(_incoming(name, _exchange(publisher), keys))
    return queues


def _incoming(name: str, exchange: Exchange, keys: list[str]) -> Queue:
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD_LETTERS,
        "x-dead-letter-routing-key": parked(name),
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",  # otherwise the strategy silently becomes at-most-once
        "x-max-length-bytes": 2**30,
    }
    bindings = [binding(exchange, routing_key=key) for key in keys]
    return Queue(name, bindings=bindings, queue_arguments=arguments)


def _parking(name: str, dead_letters: Exchange) -> Queue:
    arguments = {"x-queue-type": "quorum", "x-delivery-limit": NO_LIMIT}
    bindings = [binding(dead_letters, routing_key=parked(name))]
    return Queue(parked(name), bindings=bindings, queue_arguments=arguments)


def _declare(connection: Connection, entity: Exchange | Queue) -> None:
    try:
        with connection.channel() as channel:
            entity(channel).declare()
    except PreconditionFailed as error:
        raise TopologyError(
            "The broker has it with other arguments; drain and delete it first",
            names=[entity.name],
        ) from error


def _exists(connection: Connection, entity: Exchange | Queue) -> bool:
    try:
        with connection.channel() as channel:
            bound = entity(channel)
            declare = bound.queue_declare if isinstance(bound, Queue) else bound.declare
            declare(passive=True)
    except (NotFound, AccessRefused):
        return False
    return True
