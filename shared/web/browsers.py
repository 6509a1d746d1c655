"""Tells browsers, which read pages, from programs, which read JSON; and our pages from others; and
from which network a request comes.
"""

import ipaddress
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


def network() -> str:
    """The network that this request comes from, by which limits count: that of 64 bits for IPv6,
    where one line has all of its addresses.
    """
    address = request.remote_addr or ""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 4 or parsed.ipv4_mapped is not None:
        return str(getattr(parsed, "ipv4_mapped", None) or parsed)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))


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
