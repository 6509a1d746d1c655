"""Decisions and the letters that carry them."""
