"""How a case arrives, changes state, and is published to intake."""
