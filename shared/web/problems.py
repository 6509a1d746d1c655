"""Errors as RFC 9457 problems: what is wrong, where, and what to do; never a traceback.

No input may end in a 5xx. An unreachable database is 503 with Retry-After: nothing was stored, so
the client may try again.
"""

from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, g
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from shared import db, logs, strict_json

log = logs.logger(__name__)

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """A refused request with a stable `code`; `errors` hold pointer, code and message by field."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[dict[str, str]] = (),
        headers: dict[str, str] | None = None,
    ):
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.headers = list(errors), headers or {}


def init_app(app: Flask) -> None:
    """Answer every error of this app as a problem."""
    app.register_error_handler(Problem, _answer)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(PoolTimeout, _busy)
    app.register_error_handler(Exception, _fault)


TITLES = {
    400: "We couldn’t understand this request",
    401: "Please sign in",
    403: "You don’t have access",
    404: "Not found",
    405: "This isn’t possible here",
    406: "This format isn’t available",
    409: "This isn’t possible",
    413: "This is too large",
    415: "This type of content isn’t supported",
    422: "Please check your answers",
    429: "Too many requests",
    500: "Something went wrong",
    503: "Temporarily unavailable",
}

# These replace Werkzeug's own texts, which talk about URLs and servers.
DETAILS = {
    404: "There’s no page at this address. Check it for typing mistakes, or go to the start page.",
    405: "This address doesn’t accept what was sent to it.",
}


def _answer(problem: Problem) -> Response:
    body: dict[str, Any] = {
        "type": f"urn:overture:problem:{problem.code}",
        "title": TITLES.get(problem.status, "We couldn’t do this"),
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "request_id": str(g.get("traceparent", "--")).split("-")[1],
    }
    if problem.errors:
        body["errors"] = problem.errors
    response = Response(strict_json.dumps(body), status=problem.status, mimetype=MEDIA_TYPE)
    response.headers.update(problem.headers)
    return response


def _http(error: HTTPException) -> Response:
    code = (error.name or "error").lower().replace(" ", "_").replace("'", "")
    detail = error.description or ""
    if detail == type(error).description:
        detail = DETAILS.get(error.code or 500, detail)
    response = _answer(Problem(error.code or 500, code, detail))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _database(error: DBAPIError) -> Response:
    if not db.unreachable(error):
        return _fault(error)
    log.error("database cannot be used", error=str(error.orig)[:200])
    return _busy(error)


def _busy(_: Exception) -> Response:
    detail = "Nothing was saved. Please try again in a few seconds."
    return _answer(Problem(503, "try_again", detail, headers={"Retry-After": "5"}))


def _fault(_: Exception) -> Response:
    log.exception("a request failed")
    detail = "Nothing was saved. Please tell us the request ID, and we’ll look into it."
    return _answer(Problem(500, "fault", detail))
