"""Requests apart from their bodies: keys, headers, methods, hosts, paths and log lines."""

import json

import pytest
from flask import Flask

from shared import logs
from tests.apps import on_sqlite
from tests.factories import a_key, a_proposal, contents, send, send_proposal
from tests.hostile.api import JSON, PROPOSALS, posted, refused

pytestmark = on_sqlite


@pytest.mark.parametrize(
    "key",
    ["", "short", "a" * 15, "a" * 256, "a" * 10_000, "a key with spaces in it", "schlüssel" * 3]
    + ["tab\tin the middle of", "0123456789abcdef\x7f", "\x1b[31m0123456789abcdef"],
)
def test_b40_an_invalid_key_is_refused(apps: dict[str, Flask], key: str):
    given = posted(apps["intake"], a_proposal(), status=400, **{"Idempotency-Key": key})
    assert given["code"] == "idempotency_key"


@pytest.mark.parametrize("keys", [[], ["0123456789abcdef", "fedcba9876543210"]])
def test_b40_no_key_and_two_keys_are_refused(apps: dict[str, Flask], keys: list[str]):
    headers = [("Content-Type", "application/json"), *(("Idempotency-Key", key) for key in keys)]
    data = json.dumps(a_proposal())
    answer = refused(apps["intake"], status=400, data=data, headers=headers)
    assert answer.json["code"] == "idempotency_key"


def test_b40_a_key_reused_with_another_body_is_refused(apps: dict[str, Flask]):
    intake, key = apps["intake"], a_key()
    assert send(intake.test_client(), key=key).status_code == 201
    other = a_proposal(summary="Another one.")
    assert posted(intake, other, status=409, **{"Idempotency-Key": key})["code"] == "key_reused"


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*;q=1"])
def test_b42_a_client_that_accepts_no_json_gets_406(apps: dict[str, Flask], accept: str):
    assert posted(apps["intake"], a_proposal(), status=406, Accept=accept)["code"] == "only_json"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_b42_b111_another_method_is_refused_with_those_that_are_allowed(
    apps: dict[str, Flask], method: str
):
    answer = refused(apps["intake"], status=405, method=method)
    assert "POST" in answer.headers["Allow"]


def test_b42_the_method_override_is_ignored(apps: dict[str, Flask]):
    intake = apps["intake"]
    override = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST"}
    before = contents(intake)
    answer = intake.test_client().get("/api/v1/forms/interest", headers=override)
    assert answer.status_code == 200
    refused(intake, status=405, method="GET", headers=override)
    assert contents(intake) == before


FOREIGN = ["..%2F1", "1%20OR%201=1", "%7B5c1f0c52-3d0a-4c5b-9d27-0b8f6f1d2a10%7D"]
FOREIGN += ["urn:uuid:5c1f0c52-3d0a-4c5b-9d27-0b8f6f1d2a10", "%00", "AA2A-A2AA", "%F0%9F%98%80"]


@pytest.mark.parametrize("typed", FOREIGN)
def test_b43_an_invalid_reference_is_not_found(apps: dict[str, Flask], typed: str):
    send_proposal(apps["intake"])
    refused(apps["intake"], f"/status/{typed}", status=404, method="GET")


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil.example", "[::1", "a b"]
)
def test_b108_an_unknown_host_is_refused(apps: dict[str, Flask], host: str):
    posted(apps["intake"], a_proposal(), status=400, Host=host)
    refused(apps["intake"], "/healthz", status=400, method="GET", headers={"Host": host})


def test_b108_links_come_from_the_settings_whatever_a_request_claims(apps: dict[str, Flask]):
    claims = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": ", ".join(["10.0.0.1"] * 50),
        "Forwarded": "host=evil.example",
        "X-Original-URL": "/evil",
    }
    answer = send(apps["intake"].test_client(), **claims)
    assert answer.status_code == 201
    assert answer.json["status_url"].startswith("http://127.0.0.1:8000/status/")
    assert "evil" not in str(contents(apps["intake"]))


PATHS = ["/../..//etc/passwd", "/.git/config", "/%2e%2e/%2e%2e/etc/passwd", "/%2f%2fevil"]
PATHS += [
    "/api/v1/proposals/",
    "/api/v1/proposals/..",
    "/static/../shared/db/__init__.py",
    "/" + "a" * 5000,
]


@pytest.mark.parametrize("path", PATHS)
def test_b111_an_unknown_path_is_not_found(apps: dict[str, Flask], path: str):
    refused(apps["intake"], path, status=404, method="GET")


@pytest.mark.parametrize("query", ["?a=1", "?form=interest", "?a[b][c]=1", "?" + "a=1&" * 3000])
def test_b22_a_query_has_no_place_here(apps: dict[str, Flask], query: str):
    data = json.dumps(a_proposal())
    headers = JSON | {"Idempotency-Key": a_key()}
    answer = refused(apps["intake"], PROPOSALS + query, status=400, data=data, headers=headers)
    assert answer.json["code"] == "no_query"


def test_b113_nothing_in_a_request_can_write_a_line_of_its_own_into_the_log(
    apps: dict[str, Flask], capsys: pytest.CaptureFixture[str]
):
    intake = apps["intake"]
    intake.config["LOG_LEVEL"] = "INFO"
    logs.init_app(intake)
    forged = '\r\n{"event": "admin logged in", "level": "info"}\x1b[31m'
    client = intake.test_client()
    client.get("/status/x%0d%0a%7B%22event%22%3A%22admin%20logged%20in%22%7D%1b[31m")
    client.get("/healthz%0aadmin", headers={"traceparent": "00-" + "0" * 32 + "-x-01"})
    send(client, a_proposal(working_title=f"A title {forged}"))
    send(client, a_proposal(summary=f"A line\nand {forged[2:-5]}"), **{"User-Agent": "a \x1b[31m"})

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) >= 4
    events = [json.loads(line)["event"] for line in lines]
    assert "admin logged in" not in events
    assert not any("\x1b" in line for line in lines)


@pytest.mark.parametrize("given", ["", "x", "00-" + "0" * 32 + "-" + "1" * 16 + "-01", "a" * 9000])
def test_b113_an_invalid_trace_is_replaced(apps: dict[str, Flask], given: str):
    answer = apps["intake"].test_client().get("/healthz", headers={"traceparent": given})
    trace = answer.headers["X-Request-Id"]
    assert len(trace) == 32
    assert trace.strip("0") and trace not in given
