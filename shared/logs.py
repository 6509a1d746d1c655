"""JSON log lines to standard error, each with the trace id of the request that caused it.

A request starts the trace. Every event carries it (W3C `traceparent`) and every mail stores it, so
one id finds all lines from the first request to the reply of the mail server.
"""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from flask import Flask, current_app
from structlog.contextvars import (
    bind_contextvars,
    bound_contextvars,
    clear_contextvars,
    get_contextvars,
)

from shared import references
from shared.log_lines import library_records, standard_error
from shared.settings import is_set


def init_app(app: Flask) -> None:
    """Write structured lines for this service, from its LOG_LEVEL up."""
    library_records.name_service(app.config["SERVICE"])
    level = logging.getLevelNamesMapping().get(app.config["LOG_LEVEL"].upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _without_traceparent,
            _for_operators,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),  # in ASCII: no value can break a line
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_to_standard_error,
        cache_logger_on_first_use=False,
    )


@contextmanager
def quiet(app: Flask, *, unless: bool = False) -> Iterator[None]:
    """Write only warnings and worse inside, unless the operator has set LOG_LEVEL."""
    before = structlog.get_config()["wrapper_class"]
    if not unless and not is_set("LOG_LEVEL", app.config["SERVICE"]):
        level = max(logging.WARNING, logging.getLevelNamesMapping()[app.config["LOG_LEVEL"]])
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level))
    try:
        yield
    finally:
        structlog.configure(wrapper_class=before)


def _without_traceparent(_: Any, __: str, line: Any) -> Any:
    """Drop the header: the line has the trace id already."""
    line.pop("traceparent", None)
    return line


def _for_operators(_: Any, __: str, line: Any) -> Any:
    """Name the service, and write a reference as people have it."""
    line.setdefault(
        "service", current_app.config["SERVICE"] if current_app else library_records.service()
    )
    if typed := references.parse(str(line.get("reference", ""))):
        line["reference"] = references.display(typed)
    return line


class _Lines:
    """The logger under structlog: each level writes its line."""

    def msg(self, line: str) -> None:
        standard_error.writer.write(line)

    debug = info = warning = error = critical = exception = msg


def _to_standard_error(*_: Any) -> _Lines:
    return _Lines()


def logger(name: str) -> Any:
    """A logger whose lines carry the module's name."""
    return structlog.get_logger(module=name)


def here(log: Any) -> Any:
    """The logger with the trace of this context, for a line that is written later."""
    return log.bind(**get_contextvars())


def new_traceparent(received: str | None = None) -> str:
    """A W3C traceparent: it continues the caller's trace if that is valid, else starts one."""
    parts = (received or "").split("-")
    is_valid = (
        len(parts) == 4
        and parts[0] == "00"
        and len(parts[1]) == 32
        and all(c in "0123456789abcdef" for c in parts[1])
        and set(parts[1]) != {"0"}
    )
    trace = parts[1] if is_valid else secrets.token_hex(16)
    return f"00-{trace}-{secrets.token_hex(8)}-01"


def bind(traceparent: str, **values: Any) -> None:
    """Bind the trace to every following line of this context (a request)."""
    bind_contextvars(traceparent=traceparent, trace=traceparent.split("-")[1], **values)


@contextmanager
def bound(traceparent: str, **values: Any) -> Iterator[None]:
    """Bind the trace to the lines inside (one event, one mail)."""
    with bound_contextvars(traceparent=traceparent, trace=traceparent.split("-")[1], **values):
        yield


def traceparent() -> str:
    """The trace of this context; a new one if none is bound, as in a command."""
    return get_contextvars().get("traceparent") or new_traceparent()


def unbind() -> None:
    """Clear what an earlier request bound on this thread."""
    clear_contextvars()
