"""Tests are sentences; they go through the front door and look at what is left behind."""
