"""HTTP setup of every service: health, problems, headers, limits, request tracing."""

import time
from typing import Any

from flask import Flask, Response, current_app, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from shared import logs
from shared.log_lines import masking
from shared.web import compression, cookies, health, metrics, problems
from shared.web.guards import headers, origin, strict_requests
from shared.web.guards.strict_forms import StrictRequest

log = logs.logger(__name__)


def init_app(app: Flask) -> None:
    """Register the common routes and hooks."""
    app.request_class = StrictRequest
    app.config["MAX_CONTENT_LENGTH"] = int(app.config["MAX_BODY"])
    app.register_blueprint(health.bp)
    app.register_blueprint(metrics.bp)
    problems.init_app(app)
    cookies.init_app(app)
    headers.init_app(app)
    if proxies := int(
        app.config["PROXIES"]
    ):  # without it, all clients would share one address and its limits
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=0, x_host=0, x_port=0, x_prefix=0
        )
    app.before_request(_begin)
    compression.init_app(app)  # hooks run from the last to the first: after _end
    app.after_request(_end)


def _begin() -> None:
    logs.unbind()
    g.began = time.perf_counter()
    g.traceparent = logs.new_traceparent(request.headers.get("traceparent"))
    logs.bind(g.traceparent)
    strict_requests.check()
    origin.check()


def _end(response: Response) -> Response:
    for name, value in headers.of(current_app).items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = trace_id()
    fields: dict[str, Any] = {
        "method": request.method,
        "path": _path(),
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
    }
    if request.endpoint not in ("health.alive", "health.ready", "metrics.metrics"):
        log.info("request", **fields)
    return response


def _path() -> str:
    """The path for the log, without a token, also where no route matches."""
    app = current_app
    if "words" not in app.extensions:
        rules = [str(rule).split("/") for rule in app.url_map.iter_rules()]
        app.extensions["words"] = {word for rule in rules for word in rule if "<" not in word}
    values = request.view_args if request.url_rule else None
    return masking.path(request.path, values=values, words=app.extensions["words"])


def trace_id() -> str:
    """The ID in every log line of this request and on every problem page."""
    parts = str(g.get("traceparent", "")).split("-")
    return parts[1] if len(parts) == 4 else ""
