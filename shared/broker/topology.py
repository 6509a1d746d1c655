"""Which exchanges and queues exist: derived from the vocabulary, applied by a command, checked.

A queue belongs to one (listener, speaker) pair, so a slow listener delays nobody else. Safety is in
the arguments and not in a broker policy, because it must not depend on an operator's memory; and as
arguments cannot be changed later, the names carry a version. Bindings are exact event names.
"""

from amqp.exceptions import AccessRefused, NotFound, PreconditionFailed
from kombu.connection import Connection
from kombu.entity import Exchange, Queue, binding

from shared.events import EVENTS, SERVICES, listeners

VERSION = "v1"
DEAD_LETTERS = "overture.dlx"
DELIVERY_LIMIT = 20
NO_LIMIT = (
    2**31 - 1
)  # RabbitMQ 4 drops after 20 deliveries unless a limit is given; 3.10 knows no "none"
COMMAND = "flask topology apply"


class TopologyError(Exception):
    """The broker is not set up for this release; only a person can mend it, with `command`."""

    def __init__(self, message: str, *, names: list[str], command: str = COMMAND):
        super().__init__(f"{message}: {', '.join(names)}. Mend it with: {command}")
        self.names = names
        self.command = command


class TopologyMissing(TopologyError):
    """Exchanges or queues that must exist do not, or this user may not see them."""

    def __init__(self, names: list[str], command: str = COMMAND):
        super().__init__("The broker lacks", names=names, command=command)


def exchange_of(speaker: str) -> str:
    """The name of the topic exchange to which a service publishes."""
    return f"{speaker}.events"


def parked(queue: str) -> str:
    """The name of the queue that takes what the broker gave up on."""
    return f"{queue}.parked"


def is_parked(queue: str) -> bool:
    return queue.endswith(".parked")


def queues_of(listener: str) -> list[str]:
    """The queues from which a service reads events, without their parked ones."""
    return [_queue(listener, speaker) for speaker in SERVICES if _heard(listener, speaker)]


def reached_by(speaker: str) -> list[str]:
    """The queues that events of this speaker must reach."""
    return [_queue(listener, speaker) for listener in SERVICES if _heard(listener, speaker)]


def apply(connection: Connection) -> list[str]:
    """Declare everything; what exists already stays as it is.

    Returns the names declared. Raises TopologyError if something exists with other arguments.
    """
    dead_letters = Exchange(DEAD_LETTERS, "direct", durable=True)
    declared = []
    for entity in [dead_letters, *map(_exchange, SERVICES), *_queues(dead_letters)]:
        _declare(connection, entity)
        declared.append(entity.name)
    return declared


def check(connection: Connection, service: str) -> None:
    """See that everything exists that this service needs and that its events must reach.

    `mandatory` proves only that one queue got a message; this proves that every listener's can.
    Raises TopologyMissing with all missing names at once.
    """
    own = queues_of(service)
    queues = dict.fromkeys([*own, *map(parked, own), *reached_by(service)])
    needed: list[Exchange | Queue] = [_exchange(service), *map(Queue, queues)]
    missing = [entity.name for entity in needed if not _exists(connection, entity)]
    if missing:
        raise TopologyMissing(missing)


def _queue(listener: str, speaker: str) -> str:
    return f"{listener}.from-{speaker}.{VERSION}"


def _heard(listener: str, speaker: str) -> list[str]:
    """The names of the events that go from one to the other."""
    return [
        name
        for name, event in EVENTS.items()
        if speaker in event.speakers and listener in listeners(name, speaker)
    ]


def _exchange(speaker: str) -> Exchange:
    return Exchange(exchange_of(speaker), "topic", durable=True)


def _queues(dead_letters: Exchange) -> list[Queue]:
    found = []
    for listener in SERVICES:
        for speaker in SERVICES:
            if keys := _heard(listener, speaker):
                name = _queue(listener, speaker)
                found.append(_parking(name, dead_letters))
                found.append(_incoming(name, _exchange(speaker), keys))
    return found


def _incoming(name: str, exchange: Exchange, keys: list[str]) -> Queue:
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD_LETTERS,
        "x-dead-letter-routing-key": parked(name),
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",  # without it the strategy is at-most-once, silently
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
            "The broker has it with other arguments (drain and delete it first)",
            names=[entity.name],
        ) from error


def _exists(connection: Connection, entity: Exchange | Queue) -> bool:
    try:
        with connection.channel() as channel:
            bound = entity(channel)
            look = bound.queue_declare if isinstance(bound, Queue) else bound.declare
            look(passive=True)
    except (NotFound, AccessRefused):
        return False
    return True
