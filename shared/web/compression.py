"""Send text gzipped to clients that accept it, unless the size could betray what is in it.

A page may hold a secret beside text that a visitor chose. Another site that opens such a page again
and again could learn the secret from the sizes (BREACH). A page that another site asked for is
therefore sent uncompressed; see docs/decisions/0020.
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
OURS = frozenset({"same-origin", "none"})  # a page of this service, or typed by the person


def init_app(app: Flask) -> None:
    """Compress as the last step. Flask runs hooks from last to first, so call this early."""
    app.config.update(
        COMPRESS_REGISTER=False,
        COMPRESS_ALGORITHM="gzip",
        COMPRESS_LEVEL=6,
        COMPRESS_MIMETYPES=TYPES,
        COMPRESS_STREAMS=False,
    )
    compress = Compress(app)

    def answer(response: Response) -> Response:
        response.vary.add("Accept-Encoding")
        return compress.after_request(response) if _wanted() and _harmless(response) else response

    app.after_request(answer)


def _wanted() -> bool:
    """Whether gzip is accepted at all; Flask-Compress takes `gzip;q=0` for a yes."""
    return request.accept_encodings["gzip"] > 0


def _harmless(response: Response) -> bool:
    """Whether the same bytes go to everybody, or no other site asked for them.

    Programs and old browsers send no Sec-Fetch-Site. Cookies are SameSite=Lax, so that in an old
    browser another site can open a page but not load it unseen.
    """
    return not response.cache_control.no_store or (
        request.headers.get("Sec-Fetch-Site", "none") in OURS
    )
