"""Gzips text for clients that accept it, unless the size could reveal a secret.

A page may hold a secret beside text that a visitor chose. Another site that opens such a page again
and again could learn the secret from the sizes (BREACH). A page requested by another site is
therefore not compressed; see docs/decisions/0020.
"""

from flask import Flask, Response, request
from flask_compress import Compress

TYPES = (
    "text/html",
    "text/css",
    "text/javascript",
    "application/json",
    "application/schema+json",
    "image/svg+xml",
)
SAME_SITE = frozenset({"same-origin", "none"})  # from a page of this service, or typed by a person


def init_app(app: Flask) -> None:
    """Compress responses as the last step. Flask runs hooks in reverse, so call this early."""
    app.config.update(
        COMPRESS_REGISTER=False,
        COMPRESS_ALGORITHM="gzip",
        COMPRESS_LEVEL=6,
        COMPRESS_MIMETYPES=TYPES,
        COMPRESS_STREAMS=False,
    )
    compress = Compress(app)

    def compress_response(response: Response) -> Response:
        response.vary.add("Accept-Encoding")
        return (
            compress.after_request(response)
            if _accepts_gzip() and _safe_to_compress(response)
            else response
        )

    app.after_request(compress_response)


def _accepts_gzip() -> bool:
    """Whether the client accepts gzip. Flask-Compress ignores `gzip;q=0`."""
    return request.accept_encodings["gzip"] > 0


def _safe_to_compress(response: Response) -> bool:
    """Whether everyone gets the same bytes, or no other site requested them.

    Programs and old browsers send no Sec-Fetch-Site. Cookies are SameSite=Lax, so in an old browser
    another site can open a page but cannot load it in the background.
    """
    return not response.cache_control.no_store or (
        request.headers.get("Sec-Fetch-Site", "none") in SAME_SITE
    )
