"""Proposals: sent, stored, announced, and how they stand."""
