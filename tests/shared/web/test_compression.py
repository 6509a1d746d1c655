"""Answers are gzipped if the client accepts it and their size reveals nothing."""

import gzip
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from shared.web import compression
from tests.apps import on_sqlite
from tests.hostile.wire import DEADLINE, serving
from tests.intake.browsing import HTML
from tests.review.office import received, signed_in
from tests.shared.web.ui import markup

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
SCHEMA = "/api/v1/forms/interest"


@pytest.fixture
def client(apps: Mapping[str, Flask]) -> FlaskClient:
    return apps["intake"].test_client()


def linked(client: FlaskClient, ending: str) -> str:
    """The address of the file with this ending that the start page loads."""
    page = markup.read(client.get("/", headers=HTML).text)
    results = [str(link.get("href")) for link in page.find("link")]
    return next(address for address in results if address.endswith(ending))


def stylesheet(client: FlaskClient) -> str:
    return linked(client, "/public.css")


def icon(client: FlaskClient) -> str:
    return linked(client, ".svg")


def script(client: FlaskClient) -> str:
    return stylesheet(client).replace("public.css", "forms.js")


@on_sqlite
@pytest.mark.parametrize("what", ["page", "stylesheet", "script", "schema"])
def test_text_is_sent_gzipped_and_says_so(client: FlaskClient, what: str):
    path = {"page": "/", "stylesheet": stylesheet(client), "script": script(client)}.get(
        what, SCHEMA
    )
    plain = client.get(path, headers=HTML)
    packed = client.get(path, headers=HTML | GZIP)
    assert plain.status_code == packed.status_code == 200
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in plain.vary and "Accept-Encoding" in packed.vary


@on_sqlite
@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br", "gzip;q=0, *;q=0"])
def test_who_does_not_take_gzip_gets_plain_text(client: FlaskClient, accepted: str):
    answer = client.get("/", headers=HTML | {"Accept-Encoding": accepted})
    assert answer.status_code == 200 and "Content-Encoding" not in answer.headers
    assert answer.text.startswith("<!doctype html>")


@on_sqlite
def test_fonts_and_short_answers_are_sent_as_they_are(client: FlaskClient):
    font = stylesheet(client).replace("public.css", "vendor/PublicSans-Bold.woff2")
    for path in (font, icon(client), "/healthz"):
        answer = client.get(path, headers=GZIP)
        assert answer.status_code == 200 and "Content-Encoding" not in answer.headers


@on_sqlite
def test_a_browser_that_has_the_stylesheet_in_either_form_is_not_sent_it_again(client: FlaskClient):
    path = stylesheet(client)
    plain, packed = client.get(path), client.get(path, headers=GZIP)
    assert plain.headers["ETag"] != packed.headers["ETag"]  # two forms, two names
    again = client.get(path, headers=GZIP | {"If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == packed.headers["ETag"]
    assert "Accept-Encoding" in again.vary
    again = client.get(path, headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@on_sqlite
def test_head_tells_the_length_that_get_sends(client: FlaskClient):
    path = stylesheet(client)
    head, got = client.head(path, headers=GZIP), client.get(path, headers=GZIP)
    assert head.data == b""
    assert head.headers["Content-Length"] == got.headers["Content-Length"]
    assert head.headers["Content-Encoding"] == "gzip"


@on_sqlite
def test_a_refused_page_keeps_its_status(client: FlaskClient):
    answer = client.get("/nothing-here", headers=HTML | GZIP)
    assert answer.status_code == 404 and "<h1>" in answer.text


@on_sqlite
@pytest.mark.parametrize(
    ("site", "encoding"),
    [("same-origin", "gzip"), ("none", "gzip"), ("cross-site", None), ("same-site", None)],
)
def test_a_page_that_another_site_asks_for_does_not_tell_its_secrets_by_its_size(
    apps: Mapping[str, Flask], site: str, encoding: str | None
):
    """The queue shows the words that were searched for beside the token of its forms."""
    received(apps["review"])
    client = signed_in(apps["review"])
    asked = HTML | GZIP | {"Sec-Fetch-Site": site}
    answer = client.get("/?q=csrf_token", headers=asked)
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding") == encoding


@on_sqlite
def test_a_stylesheet_is_gzipped_for_every_site(client: FlaskClient):
    asked = GZIP | {"Sec-Fetch-Site": "cross-site"}
    assert client.get(stylesheet(client), headers=asked).headers["Content-Encoding"] == "gzip"


def test_a_stream_is_left_alone_so_that_its_first_part_is_not_held_back():
    app = Flask(__name__)
    compression.init_app(app)
    app.add_url_rule("/", view_func=lambda: Response(iter(["a" * 600, "b"]), mimetype="text/html"))
    answer = app.test_client().get("/", headers=GZIP, buffered=False)
    assert "Content-Encoding" not in answer.headers
    assert next(answer.iter_encoded()) == b"a" * 600


@pytest.fixture(scope="module")
def connection(
    migrated_files: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[HTTPConnection]:
    """A connection to a gunicorn that serves intake as `make demo` starts it."""
    with (
        serving(migrated_files, tmp_path_factory.mktemp("served")) as server,
        closing(HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE)) as made,
    ):
        yield made


@pytest.mark.slow
def test_on_the_wire_one_connection_carries_gzipped_answers_of_the_right_length(
    connection: HTTPConnection,
):
    def ask(method: str, path: str, **headers: str) -> tuple[int, HTTPMessage, bytes]:
        connection.request(method, path, headers=HTML | GZIP | headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    status, headers, page = ask("GET", "/")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert int(headers["Content-Length"]) == len(page)
    path = re.findall(rb'href="(/ui/[^"]+/public\.css)"', gzip.decompress(page))[0].decode()
    status, headers, nothing = ask("HEAD", path)
    assert (status, nothing, headers["Content-Encoding"]) == (200, b"", "gzip")
    status, again, sheet = ask("GET", path)
    assert int(headers["Content-Length"]) == int(again["Content-Length"]) == len(sheet)
    status, _, nothing = ask("GET", path, **{"If-None-Match": again["ETag"]})
    assert (status, nothing) == (304, b"")
    assert ask("GET", "/")[0] == 200  # the connection is still in step
