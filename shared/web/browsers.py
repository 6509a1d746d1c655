"""Who asks: somebody who reads pages, or a program that reads JSON."""

from flask import request


def reads_pages() -> bool:
    """Whether HTML is preferred to JSON; a program that names neither gets JSON."""
    accepted = request.accept_mimetypes
    return accepted["text/html"] > accepted["application/json"]
