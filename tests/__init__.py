"""Tests are sentences: they use public entry points and check the results."""
