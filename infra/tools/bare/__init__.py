"""Whether the commands of README work on a Debian on which nothing was ever installed."""
