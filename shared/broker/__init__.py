"""The message broker: exchanges and queues, publisher and consumer, and the embedded broker."""
