"""What waits and why is told to operators alone, whatever was set or forgotten behind a proxy."""

import json
from typing import Any

import pytest
from flask import Flask

from shared.events import SERVICES
from shared.web.guards.operators import SIGNS
from tests.apps import PUBLIC, TOKEN, close, make, on_sqlite

pytestmark = on_sqlite

BEARER = {"Authorization": f"Bearer {TOKEN}"}
PROXIED: dict[str, dict[str, Any]] = {
    **{f"with {sign}": {"headers": {sign: "203.0.113.7"}} for sign in SIGNS},
    "with an empty header": {"headers": {"X-Forwarded-For": ""}},
    "with its own name": {"headers": {"X-Forwarded-For": "127.0.0.1"}},
    "for a public name": {"headers": {"Host": "ideas.example.edu"}},
    "from another machine": {"environ_overrides": {"REMOTE_ADDR": "203.0.113.7"}},
}
HOSTS = PUBLIC["TRUSTED_HOSTS"]
LOCAL_REVIEW = {name: value for name, value in PUBLIC.items() if name != "REVIEW_URL"}
SETTINGS: dict[str, dict[str, str]] = {
    "nothing was set": {},
    "the number of proxies was set": {"PROXIES": "1"},
    "the public address was set": LOCAL_REVIEW,
}


def asked(app: Flask, path: str, **request: Any) -> tuple[int, str]:
    answer = app.test_client().get(path, **request)
    return answer.status_code, answer.text


def is_closed(app: Flask, **request: Any) -> bool:
    """Whether neither numbers nor parts are told; a load balancer still learns the status."""
    status, numbers = asked(app, "/metrics", **request)
    assert (status == 401) == ("overture_" not in numbers), numbers
    ready, said = asked(app, "/readyz", **request)
    assert ready == 503 and json.loads(said)["status"] == "broken"
    assert (status == 401) == (set(json.loads(said)) == {"status", "service"}), said
    assert asked(app, "/healthz", **request)[0] == 200
    return status == 401


@pytest.mark.parametrize("how", PROXIED.values(), ids=PROXIED)
@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
@pytest.mark.parametrize("service", SERVICES)
def test_whatever_comes_through_a_proxy_gets_neither_numbers_nor_details(
    database: str, service: str, settings: dict[str, str], how: dict[str, Any]
):
    app = make(service, DATABASE_URL=database, **{"TRUSTED_HOSTS": HOSTS, **settings})
    assert is_closed(app, **how)
    assert not is_closed(app, **{**how, "headers": how.get("headers", {}) | BEARER})
    close(app)


@pytest.mark.parametrize("service", SERVICES)
def test_a_proxy_that_adds_no_header_is_told_nothing_in_a_public_installation(
    database: str, service: str
):
    for name in ("INTAKE_URL", "REVIEW_URL"):
        other = {"INTAKE_URL": "REVIEW_URL", "REVIEW_URL": "INTAKE_URL"}[name]
        settings = {key: value for key, value in PUBLIC.items() if key != other}
        app = make(service, DATABASE_URL=database, **settings)
        assert is_closed(app)
        assert not is_closed(app, headers=BEARER)
        assert is_closed(app, headers={"Authorization": "Bearer wrong"})
        close(app)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.1:8000"])
def test_a_program_on_a_developer_s_machine_reads_both(apps: dict[str, Flask], host: str):
    for service in SERVICES:
        assert not is_closed(apps[service], headers={"Host": host})
