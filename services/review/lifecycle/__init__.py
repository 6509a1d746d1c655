"""How a case comes in, moves, and is published to intake."""
