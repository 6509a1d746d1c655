"""Check that the commands of README work on a Debian without anything else installed."""
