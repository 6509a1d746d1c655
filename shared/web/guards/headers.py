"""The security headers of every response, also of those that the web server itself gives."""

from urllib.parse import urlsplit

from flask import Flask

ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
ON_HTTPS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
# Without "cookies": browsers would delete those of every other host of the campus too.
AT_SIGN_OUT = {"Clear-Site-Data": '"cache", "storage"'}


def init_app(app: Flask) -> None:
    """Choose the headers of this service from its public address."""
    is_https = any(
        urlsplit(app.config[name]).scheme == "https" for name in ("INTAKE_URL", "REVIEW_URL")
    )
    app.extensions["headers"] = ALWAYS | (ON_HTTPS if is_https else {})


def of(app: Flask) -> dict[str, str]:
    """The headers of this service."""
    chosen: dict[str, str] = app.extensions.get("headers", ALWAYS)
    return chosen
