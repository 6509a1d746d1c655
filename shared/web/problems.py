"""Errors as RFC 9457 problems: what is wrong, where, and what to do; never a traceback.

No input may end in a 5xx. A database that is away is 503 with Retry-After, because then nothing was
stored and trying again is right.
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
    """A refusal with a stable `code`; `errors` are pointer, code and message of each field."""

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
    400: "The request cannot be understood",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    406: "No such form of answer",
    409: "In conflict with what was sent before",
    413: "Too large",
    415: "Unknown kind of content",
    422: "Some answers need another look",
    429: "Too many at once",
    500: "A fault of ours",
    503: "Not available right now",
}

# In place of werkzeug's own words, which speak of URLs and servers.
DETAILS = {
    404: "There is nothing at this address. Look for a typing mistake, or go to the start page.",
    405: "This address does not take what was sent to it.",
}


def _answer(problem: Problem) -> Response:
    body: dict[str, Any] = {
        "type": f"urn:overture:problem:{problem.code}",
        "title": TITLES.get(problem.status, "The request was refused"),
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
    detail = "Nothing was saved. Please try again in a few seconds; your text is still with you."
    return _answer(Problem(503, "try_again", detail, headers={"Retry-After": "5"}))


def _fault(_: Exception) -> Response:
    log.exception("a request failed")
    detail = "Nothing was saved. Tell us the request id, and we look into it."
    return _answer(Problem(500, "fault", detail))
