"""The reverse proxy of infra/proxy in front of both services, as an operator sets it up."""

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.hostile.wire import HALF_A_FORM, Answer, Server, response_on, serving, well_behaved
from tests.servers import Missing, Nginx, nginx
from tests.servers.nginx import IDEAS, OFFICE

pytestmark = [pytest.mark.servers, pytest.mark.slow]

PUBLIC = {
    "OVERTURE_INTAKE_URL": f"https://{IDEAS}",
    "OVERTURE_REVIEW_URL": f"https://{OFFICE}",
    "OVERTURE_TRUSTED_HOSTS": f"{IDEAS},{OFFICE},127.0.0.1",
    "OVERTURE_SECRET_KEY": "a secret for tests, as long as one should be",
    "OVERTURE_API_TOKEN": "a token for tests, as long as one should be",
    "OVERTURE_PROXIES": "1",
    "OVERTURE_SENDS_PER_HOUR": "1",
}
GET = "GET {} HTTP/1.1\r\nHost: {}\r\nAccept: text/html\r\n{}\r\n"


class Site(NamedTuple):
    """Both services behind the proxy."""

    proxy: Nginx
    intake: Server


@pytest.fixture(scope="module")
def site(migrated_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folders = [tmp_path_factory.mktemp(name) for name in ("ideas", "office", "proxy")]
    with contextlib.ExitStack() as stack:
        intake = stack.enter_context(serving(migrated_files, folders[0], **PUBLIC))
        review = stack.enter_context(serving(migrated_files, folders[1], "review", **PUBLIC))
        try:
            proxy = stack.enter_context(nginx(folders[2], ideas=intake.port, office=review.port))
        except Missing as missing:
            pytest.skip(str(missing))
        yield Site(proxy, intake)


def ask(site: Site, path: str, *, name: str = IDEAS, more: str = "") -> Answer:
    with site.proxy.connect(name) as line:
        line.sendall(GET.format(path, name, more).encode())
        return response_on(line)


def test_both_names_show_their_own_pages_over_https(site: Site):
    ideas, office = ask(site, "/"), ask(site, "/sign-in", name=OFFICE)
    assert (ideas.status, office.status) == (200, 200)
    assert b"Sign in" in office.body and b"Sign in" not in ideas.body
    for answer in (ideas, office):
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert "Content-Encoding" not in answer.headers
    assert "__Host-review=" in ask(site, "/sign-in", name=OFFICE).headers["Set-Cookie"]


def test_http_leads_to_https_and_other_names_are_not_served(site: Site):
    plain = HTTPConnection("127.0.0.1", site.proxy.http, timeout=20)
    plain.request("GET", "/start?a=1", headers={"Host": IDEAS})
    moved = plain.getresponse()
    assert (moved.status, moved.headers["Location"]) == (301, f"https://{IDEAS}/start?a=1")
    plain.close()
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", site.proxy.https)) as line:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.wrap_socket(line, server_hostname="evil.example")


@pytest.mark.parametrize("more", ["", "X-Forwarded-For: 127.0.0.1\r\n", "X-Real-Ip: ::1\r\n"])
def test_metrics_and_details_stay_inside(site: Site, more: str):
    for path in ("/metrics", "/readyz", "//metrics", "/./readyz", "/%6detrics"):
        answer = ask(site, path, more=more)
        assert answer.status in (401, 404), (path, answer)
        assert b"overture_" not in answer.body and b"parts" not in answer.body
    assert ask(site, "/healthz").status == 200


def test_limits_count_the_sender_and_not_what_a_sender_claims(site: Site):
    answers = []
    for claimed in (b"203.0.113.7", b"203.0.113.8"):
        sent = well_behaved().replace(b"Host: 127.0.0.1", f"Host: {IDEAS}".encode())
        with site.proxy.connect() as line:
            line.sendall(sent.replace(b"\r\n", b"\r\nX-Forwarded-For: %s\r\n" % claimed, 1))
            answers.append(response_on(line).status)
    assert answers == [201, 429]


def test_a_body_over_the_limit_gets_the_answer_of_the_service(site: Site):
    head = f"POST /link HTTP/1.1\r\nHost: {IDEAS}\r\nAccept: text/html\r\n".encode()
    head += b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 300000\r\n\r\n"
    with site.proxy.connect() as line:
        line.sendall(head + b"a" * 300_000)
        answer = response_on(line)
    assert answer.status == 413 and b"too large" in answer.body and answer.kind == "text/html"


def test_two_hundred_slow_clients_delay_nobody(site: Site):
    slow = [site.proxy.connect() for _ in range(200)]
    for line in slow:
        line.sendall(HALF_A_FORM.replace(b"127.0.0.1", IDEAS.encode()))
    for _ in range(5):
        began = time.monotonic()
        assert ask(site, "/").status == 200
        assert time.monotonic() - began < 2
    for line in slow:
        line.close()


def test_while_a_service_is_away_the_proxy_asks_for_patience(
    site: Site, tmp_path: Path, unused: int = 9
):
    with nginx(tmp_path, ideas=unused, office=unused) as proxy:
        answer = ask(Site(proxy, site.intake), "/")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
    assert answer.headers["Strict-Transport-Security"] and "nginx" not in answer.body.decode()
