"""Reads the JSON body and the headers of an API request strictly; every error is a Problem."""

import re
from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from shared import strict_json
from shared.web.guards.strict_forms import read_whole
from shared.web.problems import Problem

_KEY = re.compile(r"[\x21-\x7e]{16,255}")


def read() -> dict[str, Any]:
    """The body as an object.

    Raises Problem: 415 for another content type, 406 if the caller doesn't accept JSON, 400 unless
    the body is one strict JSON object. Flask raises 413 for a body over the limit.
    """
    if request.mimetype != "application/json":
        raise Problem(415, "not_json", "Send the body as application/json.")
    offered = ["application/json", "application/problem+json"]
    if request.accept_mimetypes and not request.accept_mimetypes.best_match(offered):
        raise Problem(406, "only_json", "This address answers only in application/json.")
    if request.args:
        raise Problem(
            400, "no_query", "This address accepts no query string. Put everything in the body."
        )
    try:
        body = strict_json.loads(_whole())
    except strict_json.BadJSON as error:
        raise Problem(400, error.code, str(error)) from error
    if not isinstance(body, dict):
        raise Problem(400, "not_an_object", "The body must be one JSON object.")
    return body


def _whole() -> bytes:
    """The complete body.

    Werkzeug cuts a chunked body at the limit and treats a broken connection as its end. The rest
    could be a valid document that nobody sent.
    """
    body = read_whole(request.stream)
    length, limit = request.content_length, request.max_content_length
    if length is None and limit is not None and len(body) >= limit:
        raise RequestEntityTooLarge
    if length is not None and len(body) != length:
        raise Problem(400, "cut_off", "The body ended before its Content-Length.")
    return body


def idempotency_key() -> str:
    """The one Idempotency-Key header of 16 to 255 visible ASCII characters; else Problem 400."""
    keys = request.headers.getlist("Idempotency-Key")
    if len(keys) != 1 or not _KEY.fullmatch(keys[0]):
        raise Problem(
            400,
            "idempotency_key",
            "Send one Idempotency-Key header of 16 to 255 visible ASCII characters. "
            "Use a new one for each proposal, and the same one when you try again.",
        )
    return keys[0]
