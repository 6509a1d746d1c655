"""Tells browsers, which read pages, from programs, which read JSON; and our pages from others."""

from contextlib import suppress
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import SecurityError


def reads_pages() -> bool:
    """Whether the client prefers HTML to JSON; a client that names neither gets JSON."""
    accepted = request.accept_mimetypes
    return accepted["text/html"] > accepted["application/json"]


def from_elsewhere() -> bool:
    """Whether the browser says that a page of another site sent this request.

    Our own pages send `Origin: null`, because of their Referrer-Policy, so null says nothing.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    return origin != "null" and _host_of(origin) not in _own_hosts()


def _own_hosts() -> set[str]:
    """The hosts of our pages. One that we do not trust is none of ours, whatever it says."""
    public = current_app.config.get(f"{current_app.config['SERVICE'].upper()}_URL", "")
    hosts = {urlsplit(public).netloc}
    with suppress(SecurityError):
        hosts.add(request.host)
    return hosts


def _host_of(origin: str) -> str | None:
    """The host in an Origin header; None where there is no telling."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
