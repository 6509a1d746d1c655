"""The message queue: which exchanges and queues exist, how a service publishes, how it consumes."""
