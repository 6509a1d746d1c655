"""Refuses a request that cannot be understood to the letter, before any view or database sees it.

What is not understood is never changed or ignored: the host, the path, the query, the encoding of
the body, a parameter of the API.
"""

import unicodedata
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import parse_qsl

from flask import current_app, request
from werkzeug.exceptions import HTTPException, NotFound

from shared.web.guards.strict_forms import MULTIPART, URLENCODED
from shared.web.problems import Problem

API = "/api/"
FORMS = frozenset({URLENCODED, MULTIPART})
View = TypeVar("View", bound=Callable[..., object])


def takes(*names: str) -> Callable[[View], View]:
    """Mark a view of the API with the parameters that it takes; all others are refused."""

    def mark(view: View) -> View:
        view.parameters = frozenset(names)  # type: ignore[attr-defined]
        return view

    return mark


def check() -> None:
    """Raises Problem, or NotFound for a path that is no text."""
    _check_address()
    _check_query()
    _check_body()


def _check_address() -> None:
    error = request.routing_exception
    if isinstance(error, HTTPException) and error.code == 400:
        raise Problem(400, "unknown_host", "This is not one of the names of this service.")
    asked = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or "/"
    if not asked.startswith("/"):  # the form for proxies, with a host
        raise Problem(400, "not_a_path", "Ask for a path. This server is not a proxy.")
    if any(unicodedata.category(one) == "Cc" or one == "\ufffd" for one in request.path):
        raise NotFound


def _check_query() -> None:
    try:
        pairs = parse_qsl(request.query_string.decode(), keep_blank_values=True, errors="strict")
    except UnicodeError as error:
        raise Problem(400, "not_utf8", "The query holds bytes that are not UTF-8.") from error
    if any("\0" in name + value for name, value in pairs):
        raise Problem(400, "zero_byte", "The query holds a character that cannot be used.")
    if request.path.startswith(API) and request.method == "GET":
        _check_parameters([name for name, _ in pairs])


def _check_parameters(names: list[str]) -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    unknown = sorted(set(names) - getattr(view, "parameters", frozenset()))
    if view is not None and unknown:
        detail = f"This address does not take {unknown[0][:50]!r}. Leave it out."
        raise Problem(400, "unknown_parameter", detail)
    if len(set(names)) < len(names):
        raise Problem(400, "repeated_parameter", "Send each parameter once.")


def _check_body() -> None:
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity"):
        headers = {"Accept-Encoding": "identity"}
        raise Problem(415, "encoded", "Send the body without a Content-Encoding.", headers=headers)
    if request.mimetype in FORMS:
        if request.mimetype == MULTIPART and not request.mimetype_params.get("boundary"):
            raise Problem(415, "not_a_form", "Please send the form from its own page.")
        _ = request.form  # read it here, so that no view meets one that it cannot read
