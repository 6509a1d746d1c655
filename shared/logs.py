"""One JSON line a fact, to standard error, each with the trace of the request that began it.

The trace id is made when a request comes in, travels in every event (W3C `traceparent`), is kept
beside every mail, and so stands in each line from the first request to the mail server's reply.
"""

import logging
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from flask import Flask
from structlog.contextvars import (
    bind_contextvars,
    bound_contextvars,
    clear_contextvars,
    get_contextvars,
)


def init_app(app: Flask) -> None:
    """Write structured lines for this service; also what libraries say, from WARNING up."""
    level = logging.getLevelNamesMapping().get(app.config["LOG_LEVEL"].upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _without_traceparent,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),  # in ASCII: nothing in a line can end or color it
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_to_standard_error,
        cache_logger_on_first_use=False,
    )


def _without_traceparent(_: Any, __: str, line: Any) -> Any:
    """The trace id says it all in a line; the rest of the header is for the next hop."""
    line.pop("traceparent", None)
    return line


def _to_standard_error(*_: Any) -> structlog.WriteLogger:
    return structlog.WriteLogger(file=sys.stderr)


def logger(name: str) -> Any:
    """A logger whose lines name the module that speaks."""
    return structlog.get_logger(module=name)


def new_traceparent(received: str | None = None) -> str:
    """A W3C traceparent: the trace of the caller where it sent a sound one, else a new one."""
    parts = (received or "").split("-")
    sound = (
        len(parts) == 4
        and parts[0] == "00"
        and len(parts[1]) == 32
        and all(c in "0123456789abcdef" for c in parts[1])
        and set(parts[1]) != {"0"}
    )
    trace = parts[1] if sound else secrets.token_hex(16)
    return f"00-{trace}-{secrets.token_hex(8)}-01"


def bind(traceparent: str, **more: Any) -> None:
    """Bind the trace to every following line of this context (a request)."""
    bind_contextvars(traceparent=traceparent, trace=traceparent.split("-")[1], **more)


@contextmanager
def bound(traceparent: str, **more: Any) -> Iterator[None]:
    """Bind the trace to the lines inside (one event, one mail)."""
    with bound_contextvars(traceparent=traceparent, trace=traceparent.split("-")[1], **more):
        yield


def traceparent() -> str:
    """The trace of this context; a new one where nothing is bound (a command)."""
    found = get_contextvars().get("traceparent")
    return found if found else new_traceparent()


def unbind() -> None:
    """Forget what an earlier request left on this thread."""
    clear_contextvars()
