"""A Host header that is not ours is 400 at every address, for people who are signed in or not."""

import pytest
from flask import Flask

from shared.events import SERVICES
from tests.apps import on_sqlite
from tests.intake.browsing import HTML
from tests.review.office import hire, signed_in

pytestmark = on_sqlite

FOREIGN = ["evil.example", "127.0.0.1@evil.example", "[::1", "a b", "", "\u00e9", "localhost:x"]
ASKED = [("GET", "/"), ("GET", "/cases/HK4T-W7RB"), ("GET", "/no-such-page"), ("POST", "/link"),
         ("GET", "/ui/x/start.css"), ("POST", "/api/v1/proposals")]  # fmt: skip


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("service", SERVICES)
def test_a_foreign_host_is_refused_at_every_address(
    apps: dict[str, Flask], service: str, host: str, accept: str
):
    client = apps[service].test_client()
    for method, path in ASKED:
        answer = client.open(path, method=method, headers={"Host": host, "Accept": accept})
        assert answer.status_code == 400, (method, path, answer.text)
        assert "evil" not in answer.text and "Location" not in answer.headers


def test_somebody_who_is_signed_in_gets_the_same_answer(apps: dict[str, Flask]):
    hire(apps["review"], "triage")
    client = signed_in(apps["review"])
    for path in ("/", "/account", "/people"):
        answer = client.get(path, headers=HTML | {"Host": "evil.example"})
        assert answer.status_code == 400 and "<h1>" in answer.text


@pytest.mark.parametrize("service", ["intake", "review"])
@pytest.mark.parametrize("origin", ["https://a.example", "http://[", "\x00", "https://a.example:x"])
def test_no_host_and_origin_together_end_in_a_fault(
    apps: dict[str, Flask], service: str, origin: str
):
    client = apps[service].test_client()
    statuses = set()
    for method in ("OPTIONS", "GET", "POST", "PUT", "DELETE"):
        for host in ("evil.example", "//evil.example", "a:b:c", "[", "é.example", "localhost"):
            for path in ("/", "/healthz", "/readyz", "/nothing", "/api/v1/proposals"):
                headers = {"Host": host, "Origin": origin}
                statuses.add(client.open(path, method=method, headers=headers).status_code)
    assert {status for status in statuses if status >= 500 and status != 503} == set()
