"""Whether the suite works, and who is told when it does not."""
