"""The development mailbox: it accepts all mail over SMTP and shows it in the browser.

It is for a developer's machine: it listens on loopback only and has no sign-in. It acknowledges a
mail after storing it, so a restart loses none. A mail that cannot be parsed is shown as raw text.
"""

import argparse
import email
import logging
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

from aiosmtpd.controller import Controller
from flask import Flask, Response, abort, current_app, render_template, request
from werkzeug.routing import IntegerConverter
from werkzeug.serving import make_server

from infra import processes
from shared.db import private

T = TypeVar("T")
HOST = "127.0.0.1"
LIMIT = 500  # newest mails shown at once
PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'"
# For the HTML of a mail: no script and no external request; links open in a new window.
HTML_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


def open_file(file: Path) -> sqlite3.Connection:
    """A connection to the mailbox file, created if missing."""
    private.make_folder(file.parent)
    private.make_file(file)
    link = sqlite3.connect(file, timeout=10)
    link.row_factory = sqlite3.Row
    link.execute("PRAGMA journal_mode=WAL")
    link.execute("PRAGMA synchronous=FULL")
    link.execute(
        "CREATE TABLE IF NOT EXISTS mails (n INTEGER PRIMARY KEY AUTOINCREMENT,"
        " received_at TEXT NOT NULL, recipients TEXT NOT NULL, source BLOB NOT NULL)"
    )
    return link


class StoringHandler:
    """The aiosmtpd handler: store and commit a mail, then reply 250. What cannot be stored now, as
    on a full disk, is to be sent again later.
    """

    def __init__(self, file: Path):
        self._file = file

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        row = (at, ", ".join(envelope.rcpt_tos), envelope.original_content)
        try:
            with closing(open_file(self._file)) as link, link:
                link.execute(
                    "INSERT INTO mails (received_at, recipients, source) VALUES (?, ?, ?)", row
                )
        except (sqlite3.OperationalError, OSError) as error:
            return f"452 4.3.1 The mail cannot be stored: {error}"
        return "250 2.0.0 kept"


class Number(IntegerConverter):
    """The number of a mail, as far as SQLite can count."""

    regex = "[0-9]{1,18}"


def create_app(file: Path) -> Flask:
    """The web app over the mailbox file."""
    app = Flask(__name__)
    app.config.update(FILE=file, TRUSTED_HOSTS=[HOST, "localhost"])
    app.url_map.converters["number"] = Number
    app.add_url_rule("/", view_func=show_list)
    app.add_url_rule("/messages/<number:n>", view_func=show_message)
    app.add_url_rule("/messages/<number:n>/html", view_func=show_html)
    app.add_url_rule("/api/messages", view_func=list_as_json)
    app.add_url_rule("/healthz", view_func=ready)
    app.add_template_filter(_moment, "moment")
    app.after_request(_headers)
    return app


def show_list() -> str:
    return render_template(
        "mailbox/list.html", mails=_matching_mails(), words=_search_words(), limit=LIMIT
    )


def show_message(n: int) -> str:
    return render_template("mailbox/message.html", mail=_readable(_row(n)))


def show_html(n: int) -> Response:
    page = str(_readable(_row(n))["html"])
    page = page.replace("<head>", '<head><base target="_blank">', 1)
    return Response(page, headers={"Content-Security-Policy": HTML_POLICY})


def list_as_json() -> list[dict[str, Any]]:
    """Newest first: n, to, subject, text, html, headers (name and value pairs), received_at."""
    return _matching_mails()


def ready() -> dict[str, str]:
    """Whether the mailbox can be read; it parses no mail, however many there are."""
    with closing(open_file(current_app.config["FILE"])) as link:
        link.execute("SELECT n FROM mails LIMIT 1").fetchone()
    return {"status": "ok"}


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def _moment(at: str) -> str:
    """Like "Nov 22, 2026, 1:38:10 am UTC"."""
    then = datetime.fromisoformat(at)
    hour, half = then.hour % 12 or 12, "am" if then.hour < 12 else "pm"
    return f"{then:%b} {then.day}, {then.year}, {hour}:{then:%M:%S} {half} UTC"


def _search_words() -> str:
    return request.args.get("q", "").strip()


def _matching_mails() -> list[dict[str, Any]]:
    """The newest mails; with `?q=` those with these words in recipient, subject or text."""
    with closing(open_file(current_app.config["FILE"])) as link:
        rows = link.execute("SELECT * FROM mails ORDER BY n DESC LIMIT ?", (LIMIT,)).fetchall()
    words = _search_words().casefold()
    mails = [_readable(row) for row in rows]
    searched = ("to", "subject", "text")
    return [mail for mail in mails if any(words in mail[name].casefold() for name in searched)]


def _row(n: int) -> sqlite3.Row:
    with closing(open_file(current_app.config["FILE"])) as link:
        row: sqlite3.Row | None = link.execute("SELECT * FROM mails WHERE n = ?", (n,)).fetchone()
    return row or abort(404)


def _readable(row: sqlite3.Row) -> dict[str, Any]:
    source: bytes = row["source"]
    no_headers: list[list[str]] = []
    raw = source.decode("utf-8", "replace")
    message = email.message_from_bytes(source, _class=EmailMessage, policy=policy.default)
    return {
        "n": row["n"],
        "received_at": row["received_at"],
        "to": row["recipients"],
        "subject": _try(lambda: str(message["Subject"] or ""), ""),
        "text": _try(lambda: _part(message, "plain"), raw),
        "html": _try(lambda: _part(message, "html"), ""),
        "headers": _try(lambda: _fields(message), no_headers),
    }


def _fields(message: EmailMessage) -> list[list[str]]:
    return [[name, str(value)] for name, value in message.items()]


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return str(part.get_content()) if part is not None else ""


def _try(read: Callable[[], T], fallback: T) -> T:
    """The value of `read`, or the fallback for a broken mail."""
    try:
        return read()
    except Exception:
        return fallback


def main(arguments: list[str]) -> int:
    """Accept and show mail until SIGTERM or Ctrl-C; return the exit code."""
    parser = argparse.ArgumentParser(
        description="Shows all mail that Overture sends on this machine."
    )
    parser.add_argument("--smtp", type=int, default=8026, help="port to accept mail on")
    parser.add_argument("--http", type=int, default=8025, help="port to show mail on")
    parser.add_argument("--file", type=Path, default=Path("var/mailbox.db"))
    options = parser.parse_args(arguments)
    for port in (options.smtp, options.http):
        if not processes.is_free(port):
            print(f"Port {port} is already in use; stop the program that uses it and try again.")
            return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    _serve(options, stop)
    return 0


def _serve(options: argparse.Namespace, stop: threading.Event) -> None:
    open_file(options.file).close()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    smtp = Controller(StoringHandler(options.file), hostname=HOST, port=options.smtp)
    pages = make_server(HOST, options.http, create_app(options.file), threaded=True)
    thread = threading.Thread(target=pages.serve_forever)
    smtp.start()
    thread.start()
    print(
        f"Mail to smtp://{HOST}:{options.smtp} is shown at http://{HOST}:{options.http}/",
        flush=True,
    )
    stop.wait()
    smtp.stop()
    pages.shutdown()
    thread.join()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
