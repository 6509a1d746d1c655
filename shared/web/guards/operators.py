"""Tells operators, who may read how much waits and why, from everybody else.

An installation with a public address asks for the token, always: nobody can tell a program on this
machine from a proxy on it that adds no header. On loopback a request without the token must come
from this machine, ask for it by a name of loopback, and show no sign of a proxy.
"""

import hmac
from urllib.parse import urlsplit

from flask import current_app, request

from shared.settings.loopback import is_loopback

SIGNS = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
         "X-Forwarded-Server", "X-Forwarded-By", "X-Original-Forwarded-For", "X-Real-Ip",
         "X-Client-Ip", "X-Cluster-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip",
         "Fastly-Client-Ip")  # fmt: skip


def has_token() -> bool:
    """Whether the request carries the API token; never, if none is set."""
    token, header = current_app.config["API_TOKEN"], request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(header.encode(), f"Bearer {token}".encode())


def is_operator() -> bool:
    """Whether this request may read metrics and details."""
    if has_token():
        return True
    names = [urlsplit(current_app.config[name]).hostname for name in ("INTAKE_URL", "REVIEW_URL")]
    sender = request.environ.get("werkzeug.proxy_fix.orig", request.environ)["REMOTE_ADDR"]
    names += [sender, urlsplit(f"//{request.host}").hostname]
    return (
        all(is_loopback(name) for name in names)
        and not current_app.config["PROXIES"].strip("0")
        and not any(sign in request.headers for sign in SIGNS)
    )
