"""Figures without a clock: SQL statements per act, bytes of a first and a later visit."""

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.bench import drafts, office
from tests.bench.figures import MET, MISSED, Row, counted
from tests.bench.rig import Rig
from tests.intake import browsing
from tests.intake.browsing import HTML

ASIDE = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|SHOW|PRAGMA)\b", re.IGNORECASE)
LINKED = re.compile(r'<(?:link|script|img)\b[^>]*?(?:href|src)="([^"]+)"')
KB = 1024


def statements(rig: Rig) -> list[Row]:
    """Counted on PostgreSQL, at the second run of each act in a process."""
    intake, review = rig.apps["intake"], rig.apps["review"]
    answers = drafts.forty()
    section = _of_section(intake, answers)
    sends = {len(one): _of_send(intake, one) for one in (answers, drafts.largest())}
    same = len(set(sends.values())) == 1
    said = "; ".join(f"{number - 1} with {count} answers" for count, number in sends.items())
    case = office.oldest_case(review)
    client = office.browser(review)
    office_pages = {"queue page": ("/", 5), "search": ("/?q=water", 5), "case page": (case, 15)}
    rows = [
        _judged("start page", statements_of(intake, intake.test_client(), "/"), 0),
        _judged("a section, the dearer of GET and POST", max(section) - 1, 3),
        _judged("send, the POST", max(sends.values()) - 1, 10)._replace(reason=said),
        *(
            _judged(name, statements_of(review, client, path) - 1, most)
            for name, (path, most) in office_pages.items()
        ),
    ]
    if not same:
        rows[2] = rows[2]._replace(verdict=MISSED)
    return rows


def weight(rig: Rig) -> list[Row]:
    """Bytes on the wire for a visitor on the first page of the form, and staff on the queue."""
    intake, review = rig.apps["intake"], rig.apps["review"]
    office.oldest_case(review)
    pages = _form_pages(intake)
    form = max(_with_assets(client, path) for client, path in pages)
    later = max(_sent(client, path) for client, path in pages)
    queue = _with_assets(office.browser(review), "/")
    again = max(later, _sent(office.browser(review), "/"))
    return [
        counted("first visit, gzip, without fonts: form page", form / KB, 12, unit="KB"),
        counted("first visit, gzip, without fonts: queue page", queue / KB, 30, unit="KB"),
        counted("later pages, gzip: the heaviest", again / KB, 8, unit="KB"),
    ]


@contextlib.contextmanager
def counting(app: Flask) -> Iterator[list[str]]:
    """Count the statements of this app, without BEGIN and COMMIT."""
    engine = app.extensions["database"].engine
    lines: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if not ASIDE.match(statement):
            lines.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield lines
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _judged(act: str, number: int, most: int) -> Row:
    row = counted(f"SQL statements: {act}", max(0, number), most)
    return row._replace(verdict=MET if number <= most else MISSED)


def statements_of(app: Flask, client: FlaskClient, path: str) -> int:
    """The statements of this page, with the one that finds the session."""
    browsing.get(client, path)
    with counting(app) as said:
        answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(said)


def client_of(app: Flask, cookies: dict[str, str]) -> FlaskClient:
    """A browser in this process with these cookies."""
    client = app.test_client()
    for name, value in cookies.items():
        client.set_cookie(name, value)
    return client


def _of_section(app: Flask, given: dict[str, Any]) -> tuple[int, int]:
    begun = drafts.begun(app, given)
    client = client_of(app, drafts.cookie(app, key=begun.key))
    path = f"{begun.address}/{drafts.fullest(given).id}"
    looked = statements_of(app, client, path)
    page = browsing.get(client, path)
    with counting(app) as said:
        assert browsing.press(client, page, follow=False).status == 303
    return looked, len(said)


def _of_send(app: Flask, given: dict[str, Any]) -> int:
    for _ in range(2):
        client = client_of(app, drafts.cookie(app, key=drafts.begun(app, given).key))
        page = drafts.last_page(client, given)
        with counting(app) as said:
            assert browsing.press(client, page, ("go", "send"), follow=False).status == 303
    return len(said)


def _form_pages(app: Flask) -> list[tuple[FlaskClient, str]]:
    """All pages of the form, filled in from a draft."""
    answers = drafts.forty()
    begun = drafts.begun(app, answers)
    client = client_of(app, drafts.cookie(app, key=begun.key))
    results = [f"{begun.address}/{step.id}" for step in drafts.pages(answers)]
    return [(client, path) for path in ("/", "/start", *results)]


def _sent(client: FlaskClient, path: str) -> int:
    """The bytes of the answer to a browser that accepts gzip."""
    answer = client.get(path, headers=HTML | {"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, (path, answer.status_code)
    return len(answer.data)


def _with_assets(client: FlaskClient, path: str) -> int:
    """The page with all linked files that a browser loads, without fonts."""
    linked = set(LINKED.findall(client.get(path, headers=HTML).text))
    assets = [one for one in linked if one.rpartition(".")[2] in ("css", "js", "svg")]
    return sum(_sent(client, one) for one in (path, *assets))
