"""Every response has the security headers, also those that the web server gives by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from shared.events import SERVICES
from tests.apps import PUBLIC, close, make, on_sqlite
from tests.hostile.wire import GET, HOST, POST, Server, ask, serving, well_behaved
from tests.review.office import press, signed_in, visit

ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
YEAR = 365 * 24 * 60 * 60
ASKED = ("/healthz", "/", "/no-such-page", "/ui/x/start.css", "/api/v1/cases", "/%00")
REFUSED = {
    "no HTTP": b"\x16\x03\x01\x02\x00\r\n\r\n",
    "two lengths": POST + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    "an unknown way of transfer": POST + HOST + b"Transfer-Encoding: gzip\r\n\r\n{}",
    "a long header": GET + HOST + b"X: " + b"a" * 65536 + b"\r\n\r\n",
    "a long path": b"GET /" + b"a" * 4096 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
}


@pytest.fixture(scope="module")
def server(migrated_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """intake as a public installation runs it, behind a proxy on this machine."""
    more = {f"OVERTURE_{name}": value for name, value in PUBLIC.items()}
    with serving(migrated_files, tmp_path_factory.mktemp("headers"), **more) as started:
        yield started


@on_sqlite
@pytest.mark.parametrize("service", SERVICES)
def test_every_answer_keeps_other_sites_away(apps: dict[str, Flask], service: str):
    for path in ASKED:
        headers = apps[service].test_client().get(path).headers
        assert {name: headers.get(name) for name in ALWAYS} == ALWAYS, path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "Strict-Transport-Security" not in headers  # it is served by http here


@on_sqlite
@pytest.mark.parametrize("service", SERVICES)
def test_a_public_installation_is_asked_for_by_https_alone_for_a_year(database: str, service: str):
    app = make(service, DATABASE_URL=database, **PUBLIC)
    for path in ASKED:
        said = app.test_client().get(path).headers["Strict-Transport-Security"]
        age, _, rest = said.removeprefix("max-age=").partition(";")
        assert int(age) >= YEAR and rest.strip() == "includeSubDomains", path
    close(app)


@on_sqlite
def test_signing_out_clears_what_the_browser_keeps_of_the_pages(apps: dict[str, Flask]):
    client = signed_in(apps["review"])
    page = visit(client, "/")
    assert "Clear-Site-Data" not in page.response.headers
    left = press(client, page, "/sign-out")
    assert left.status == 303
    cleared = left.response.headers["Clear-Site-Data"]
    assert '"cache"' in cleared and '"storage"' in cleared
    assert '"cookies"' not in cleared and "*" not in cleared  # those of other hosts of the campus
    assert visit(client, "/").status == 303


@pytest.mark.slow
@pytest.mark.parametrize("said", REFUSED.values(), ids=REFUSED)
def test_the_web_server_s_own_refusals_have_them_too(server: Server, said: bytes):
    answer = ask(server, said)
    assert 400 <= answer.status < 500 and answer.kind == "application/problem+json"
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert answer.headers["Server"] == "overture"
    assert "waitress" not in str(answer).lower() and "gunicorn" not in str(answer).lower()
    assert ask(server, well_behaved()).headers["Server"] == "overture"
