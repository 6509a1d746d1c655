"""The embedded broker: queues in one SQLite file, for a suite on one machine without RabbitMQ.

It hangs on the extension point for transports that kombu offers. The transports kombu ships lose
messages when a process is killed between get and ack, or drop what nobody declared; this one does
neither: a message leaves the file only in the transaction that acknowledges or moves it.

The contract in `tests/shared/broker/` (routing, delivery) holds it to what RabbitMQ does.
"""

from shared.broker.sqlite.transport import Transport

__all__ = ["Transport"]
