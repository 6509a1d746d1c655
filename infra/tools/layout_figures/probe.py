"""Run six acts in the services of a checkout; print the functions between view and row as JSON.

It relies only on what every commit has: addresses, form fields, tables, commands and events. A row
counts as written when its object is made, its attribute set or its statement executed, whichever is
first. The flush at the end of a transaction is no measure: the functions have returned by then.
"""

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, current_app, has_request_context, request
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, inspect, select
from sqlalchemy.orm import Mapper

from services.intake import create_app as create_intake
from services.notify import create_app as create_notify
from services.review import create_app as create_review
from shared import db, inbox
from shared.broker.consumer import Delivery
from shared.tables import OutboxRow

ROOT = Path(sys.argv[1]).resolve()
OURS = (f"{ROOT}/services/", f"{ROOT}/shared/")
PASSWORD = "four plain words here"  # noqa: S105 - of accounts in a temporary database
PEOPLE = {"lead": "lead@office.example", "director": "director@office.example"}
HEADERS = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}


class Row(NamedTuple):
    """The row that an act writes; `attribute` for an update."""

    table: str
    attribute: str = ""


class Recorder:
    """The functions on the stack at the first write of the expected row."""

    def __init__(self) -> None:
        self.expected: Row | None = None
        self.functions: list[str] | None = None

    @contextmanager
    def expecting(self, row: Row) -> Iterator[None]:
        self.expected, self.functions = row, None
        yield
        self.expected = None

    def note(self, table: str, attribute: str = "") -> None:
        """Record the stack if this is the expected row and a view is running."""
        is_expected = self.expected == Row(table, attribute) and self.functions is None
        if is_expected and has_request_context() and request.endpoint:
            self.functions = functions_below_view()


RECORDER = Recorder()


def functions_below_view() -> list[str]:
    """The project's functions on the stack, from below the view to the write."""
    view: Any = current_app.view_functions[str(request.endpoint)]
    codes = {view.__code__, getattr(view, "__wrapped__", view).__code__}
    names: list[str] = []
    frame = sys._getframe(1)
    while frame is not None and frame.f_code not in codes:
        name = frame.f_code.co_qualname if sys.version_info >= (3, 11) else frame.f_code.co_name
        if frame.f_code.co_filename.startswith(OURS) and not name.endswith("comp>"):
            names.append(f"{Path(frame.f_code.co_filename).stem}.{name.rsplit('.', 1)[-1]}")
        frame = frame.f_back  # type: ignore[assignment]
    return names[::-1]


def watch_writes() -> None:
    """Listen for new objects, changed attributes and statements of all mapped classes."""

    @event.listens_for(Mapper, "init")
    def created(target: Any, _: Any, __: Any) -> None:
        RECORDER.note(inspect(type(target)).local_table.name)

    @event.listens_for(Engine, "before_cursor_execute")
    def executed(_: Any, __: Any, statement: str, *___: Any) -> None:
        if written := re.match(r"INSERT INTO (\w+)", statement):
            RECORDER.note(written[1])

    for mapper in [mapper for base in _bases() for mapper in base.registry.mappers]:
        for attribute in [*mapper.column_attrs, *mapper.relationships]:
            _watch(attribute.class_attribute, mapper.local_table.name, attribute.key)


def _bases() -> list[Any]:
    from services.intake.models import Proposal
    from services.review.models import Case

    return [Proposal, Case]


def _watch(attribute: Any, table: str, name: str) -> None:
    event.listen(attribute, "set", lambda *_: RECORDER.note(table, name))


class Forms(HTMLParser):
    """The forms of a page: by action, the names and values of their controls."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self.path, self.fields = path, {}  # type: ignore[var-annotated]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self.current: dict[str, str] = {}
            self.fields[values.get("action") or self.path] = self.current
        elif tag == "input" and values.get("type") == "hidden":
            self.current[str(values["name"])] = values.get("value") or ""


def start(folder: Path) -> dict[str, Flask]:
    """The three services with empty databases, the example profile and two accounts."""
    config = {
        "DATABASE_URL": f"sqlite:///{folder}/{{service}}.db",
        "BROKER_URL": f"sqlite:///{folder}/broker.db",
        "LOG_LEVEL": "ERROR",
    }
    create = {"intake": create_intake, "review": create_review, "notify": create_notify}
    apps = {name: make(config) for name, make in create.items()}
    for app in apps.values():
        _command(app, "db", "upgrade")
        _command(app, "profile", "import")
    for role, email in PEOPLE.items():
        words = ["staff", "add", email, "--name", role.capitalize(), "--role", role]
        _command(apps["review"], *words, typed=f"{PASSWORD}\n{PASSWORD}\n")
    return apps


def _command(app: Flask, *words: str, typed: str = "") -> None:
    result = app.test_cli_runner().invoke(args=list(words), input=typed)
    if result.exit_code:
        raise RuntimeError(f"flask {' '.join(words)}: {result.output}")


def carry(source: Flask, target: Flask) -> None:
    """Deliver all events of one service to another, without a broker."""
    with source.app_context(), db.read() as session:
        envelopes = list(session.scalars(select(OutboxRow.envelope).order_by(OutboxRow.id)))
    with target.app_context():
        for envelope in envelopes:
            delivery = Delivery(envelope, inbox.CONTENT_TYPE, None, {}, False, "probe", False)
            inbox.handle(delivery, handlers=target.extensions["handlers"])


def press(client: FlaskClient, page: str, action: str, **typed: str) -> Any:
    """Open a page and submit its form of this action."""
    forms = Forms(client.get(page, headers=HEADERS).get_data(as_text=True), page).fields
    answer = client.post(action, data=forms[action] | typed, headers=HEADERS)
    if answer.status_code >= 400:
        raise RuntimeError(f"{action}: {answer.status} {answer.get_data(as_text=True)[:2000]}")
    return answer


def signed_in(app: Flask, role: str) -> FlaskClient:
    client = app.test_client()
    press(client, "/sign-in", "/sign-in", email=PEOPLE[role], password=PASSWORD)
    return client


def main() -> None:
    """Run the acts and print their functions."""
    with tempfile.TemporaryDirectory(prefix="overture-layout-") as folder:
        apps = start(Path(folder))
        watch_writes()
        body = json.loads((ROOT / "tests/samples/partner-half-idea.json").read_bytes())
        functions = {}
        with RECORDER.expecting(Row("proposals")):
            sent = (
                apps["intake"]
                .test_client()
                .post(
                    "/api/v1/proposals", json=body, headers={"Idempotency-Key": "layout-figures-1"}
                )
            )
            functions["submit a proposal by the API"] = RECORDER.functions
        if sent.status_code != 201:
            raise RuntimeError(f"submitting failed: {sent.get_data(as_text=True)}")
        reference = sent.get_json()["reference"]
        carry(apps["intake"], apps["review"])
        case = f"/cases/{reference}"
        lead, director = signed_in(apps["review"], "lead"), signed_in(apps["review"], "director")
        letter = {"kind": "accept", "note": ""}
        for act, client, page, action, row, typed in (
            ("take a case", lead, case, "take", Row("cases", "owner"), {}),
            ("send a message", lead, case, "write", Row("outgoing"), {"text": "Call on Monday."}),
            ("add a note", lead, case, "note", Row("notes"), {"note": "Call them on Monday."}),
            ("draft a letter", lead, f"{case}/decision", "decision", Row("letters"), letter),
            ("send a letter", director, f"{case}/letter", "letter/release", Row("outgoing"), {}),
        ):  # fmt: skip
            with RECORDER.expecting(row):
                press(client, page, f"{case}/{action}", **typed)
                functions[act] = RECORDER.functions
    print(json.dumps(functions))


main()
