"""The least Flask apps: hello, two rows in one transaction, the same with NOTIFY.

They import what ours import, log one JSON line a request and set the same headers, so that a ratio
says what our own work costs. FLOOR_DATABASE names the database.
"""

import os
import sys
import time
import uuid

import structlog
from flask import Flask, Response, request
from sqlalchemy import JSON, Column, LargeBinary, MetaData, String, Table, Uuid, create_engine, text

from shared.web.guards.headers import ALWAYS as HEADERS
from tests.bench.floors import pages

metadata = MetaData()
THING = Table(
    "floor_things",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("body", JSON),
)
EVENT = Table(
    "floor_events",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(100)),
    Column("recipient", String(320)),
    Column("body", LargeBinary),
)
log = structlog.get_logger()


def create_app() -> Flask:
    """The app, with its views over FLOOR_DATABASE."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_: structlog.WriteLogger(file=sys.stderr),
    )
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "of the floor"
    app.extensions["warn_at_start"] = lambda: None  # gunicorn.conf.py calls it
    engine = create_engine(os.environ["FLOOR_DATABASE"], pool_pre_ping=True)
    app.before_request(_begin)
    app.after_request(_end)
    app.add_url_rule("/healthz", view_func=_hello)

    @app.post("/two-rows")
    def two_rows() -> tuple[dict[str, str], int]:
        """One thing and one event in one transaction; wakes a relay where one is asked for."""
        body = request.get_json()
        identity = uuid.uuid4()
        contact = str(body.get("recipient", ""))
        row = {"id": identity, "kind": "thing.changed", "recipient": contact}
        with engine.begin() as link:
            link.execute(THING.insert(), {"id": identity, "body": body})
            link.execute(EVENT.insert(), row | {"body": request.get_data()})
            if contact:
                link.execute(text("SELECT pg_notify('floor', '')"))
        return {"reference": identity.hex}, 201

    pages.init_app(app, engine)
    return app


def _hello() -> Response:
    return Response("hello", mimetype="text/html")


def _begin() -> None:
    request.environ["began"] = time.perf_counter()


def _end(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = uuid.uuid4().hex
    took = time.perf_counter() - request.environ["began"]
    log.info("request", method=request.method, path=request.path, status=response.status_code,
             ms=round(took * 1000, 1))  # fmt: skip
    return response
