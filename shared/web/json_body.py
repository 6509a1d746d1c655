"""The JSON body and the headers of an API request, read strictly; every refusal is a Problem."""

import re
from typing import Any

from flask import request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from shared import strict_json
from shared.web.problems import Problem

_KEY = re.compile(r"[\x21-\x7e]{16,255}")


def read() -> dict[str, Any]:
    """The body as an object.

    Raises Problem: 415 for another content type, 406 where the caller takes no JSON, 400 for what
    is
    not one strict JSON object, 413 (from Flask) over the limit.
    """
    if request.mimetype != "application/json":
        raise Problem(415, "not_json", "Send the body as application/json.")
    offered = ["application/json", "application/problem+json"]
    if request.accept_mimetypes and not request.accept_mimetypes.best_match(offered):
        raise Problem(406, "only_json", "This address answers in application/json only.")
    if request.args:
        raise Problem(400, "no_query", "This address takes no query; put everything in the body.")
    try:
        body = strict_json.loads(_whole())
    except strict_json.BadJSON as error:
        raise Problem(400, error.code, str(error)) from error
    if not isinstance(body, dict):
        raise Problem(400, "not_an_object", "The body must be one JSON object.")
    return body


def _whole() -> bytes:
    """The body to its very end. Werkzeug cuts a chunked one at the limit and takes a broken
    connection for its end, and the piece that is left could be a document that nobody sent.
    """
    try:
        body = request.get_data(cache=False)
    except HTTPException:
        raise
    except Exception as error:  # each server has exceptions of its own for what is no chunk
        raise Problem(400, "cut_off", "The body could not be read to its end.") from error
    length, limit = request.content_length, request.max_content_length
    if length is None and limit is not None and len(body) >= limit:
        raise RequestEntityTooLarge
    if length is not None and len(body) != length:
        raise Problem(400, "cut_off", "The body ended before its Content-Length.")
    return body


def idempotency_key() -> str:
    """The Idempotency-Key: required, once, 16 to 255 visible ASCII characters. Raises Problem
    400.
    """
    given = request.headers.getlist("Idempotency-Key")
    if len(given) != 1 or not _KEY.fullmatch(given[0]):
        raise Problem(
            400,
            "idempotency_key",
            "Send one Idempotency-Key header of 16 to 255 visible ASCII characters. "
            "Use a new one for each proposal, and the same one when you try again.",
        )
    return given[0]
