"""Proposals: submission, storage, announcement and status."""
