"""Messages between proposer and office."""
