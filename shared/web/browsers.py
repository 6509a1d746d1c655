"""Tells browsers, which read pages, from programs, which read JSON."""

from flask import request


def reads_pages() -> bool:
    """Whether the client prefers HTML to JSON; a client that names neither gets JSON."""
    accepted = request.accept_mimetypes
    return accepted["text/html"] > accepted["application/json"]
