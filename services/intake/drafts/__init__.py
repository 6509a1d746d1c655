"""Drafts: an idea on its way, before it is sent."""
