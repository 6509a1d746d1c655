"""The embedded broker: queues in one SQLite file, for a suite on one machine without RabbitMQ.

It is a kombu transport. The transports that kombu ships lose messages if a process is killed
between get and ack, or drop messages to undeclared queues. This one does neither: a message leaves
the file only in the transaction that acknowledges or moves it.

The tests in `tests/shared/broker/` (routing, delivery) run on RabbitMQ too and demand the same.
"""

from shared.broker.sqlite.transport import Transport

__all__ = ["Transport"]
