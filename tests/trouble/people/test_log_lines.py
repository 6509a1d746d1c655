"""What the processes write into their logs: no token, whatever the address, and only JSON."""

import json
import secrets
import socket
from contextlib import closing
from pathlib import Path

import pytest

from tests.factories import a_key
from tests.trouble.lost_data.running import Intake, new_installation, started

pytestmark = pytest.mark.slow

SECRET = secrets.token_urlsafe(32)
ASKED = [
    ("GET", f"/go/{SECRET}"),
    ("GET", f"/go/{SECRET}/"),
    ("GET", f"/go/{SECRET}."),
    ("GET", f"/go/{SECRET}/elsewhere"),
    ("PUT", f"/go/{SECRET}"),
    ("GET", f"/gone/{SECRET}"),
    ("GET", f"/{SECRET}"),
    ("GET", f"/status/{SECRET}"),
    ("GET", f"/questions/{SECRET}"),
    ("GET", f"/go/?t={SECRET}"),
    ("GET", f"/go%2F{SECRET}"),
    ("GET", f"/static/{SECRET}.css"),
]


@pytest.fixture(scope="module")
def lines(migrated_files: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The lines of each log after these requests, a start and a stop."""
    folder = tmp_path_factory.mktemp("lines")
    data = new_installation(migrated_files, folder / "data")
    with started(Intake(data, folder / "log")) as service:
        for method, path in ASKED:
            service.ask(method, path)
        for line in (f"GET /go/{SECRET} HTTP/9.9", f"GET /go/{SECRET}", f"/go/{SECRET} GET x y"):
            with closing(socket.create_connection(("127.0.0.1", service.port), 30)) as link:
                link.sendall(f"{line}\r\nHost: 127.0.0.1\r\n\r\n".encode())
                link.recv(65536)
        assert service.send(a_key())[0].status == 201
        assert service.ask("GET", "/status/HK4T-W7RB")[0].status
    return {log.stem: log.read_text().splitlines() for log in service.logs}


def test_a_token_is_in_no_line(lines: dict[str, list[str]]):
    for log in lines.values():
        assert not [line for line in log if SECRET in line or SECRET[:20] in line]


def test_the_path_without_its_secret_is_in_the_line(lines: dict[str, list[str]]):
    paths = [json.loads(line).get("path") for line in lines["intake-web"]]
    assert {"/go/[token]", "/go/[...]", "/go/[...]/[...]", "/[...]/[...]"} <= set(paths)
    assert {"/api/v1/proposals", "/status/HK4T-W7RB", "/status/[...]"} <= set(paths)


@pytest.mark.parametrize("log", ["intake-web", "intake-worker"])
def test_every_line_is_json_with_its_level_and_time(lines: dict[str, list[str]], log: str):
    read = [json.loads(line) for line in lines[log]]
    assert len(read) > 2
    for line in read:
        assert {"event", "level", "module", "timestamp"} <= set(line)
    servers = [line for line in read if line["module"] == "gunicorn.error"]
    assert bool(servers) == (log == "intake-web")
