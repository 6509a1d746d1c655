"""Tells browsers, which read pages, from programs, which read JSON; and our pages from others."""

from urllib.parse import urlsplit

from flask import current_app, request


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
    return origin != "null" and urlsplit(origin).netloc not in _own_hosts()


def _own_hosts() -> tuple[str, str]:
    public = current_app.config.get(f"{current_app.config['SERVICE'].upper()}_URL", "")
    return request.host, urlsplit(public).netloc
