"""The demo as a user starts it: real processes on their own ports, killed and restarted."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from infra.demo import PORTS
from infra.processes import ROOT, is_free
from infra.tools import sample_cases
from tests.factories import sample
from tests.servers.programs import free_ports

pytestmark = pytest.mark.slow

STATES = {"triage", "decision_draft", "accepted", "deferred", "declined", "quarantined"}
RUNS = "Ctrl-C stops everything."
PATIENCE = 120.0  # seconds; a bound for a machine that does much else, never a measure


class Started:
    """A running demo, and what it has said so far."""

    def __init__(self, folder: Path, ports: dict[str, int], *arguments: str):
        chosen = ",".join(str(port) for port in ports.values())
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "infra.demo", *arguments],
            cwd=ROOT,
            env={**os.environ, "DEMO_FOLDER": str(folder), "DEMO_PORTS": chosen},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.said.append(line)

    def text(self) -> str:
        return "".join(self.said)

    def wait_until_it_runs(self) -> None:
        wait_for(lambda: RUNS in self.text() or self.process.poll() is not None, self.text)
        assert self.process.poll() is None, self.text()

    def end(self) -> int:
        """Ctrl-C, and the exit code; whatever is left after that is killed."""
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(60)
        finally:
            self.kill()

    def kill(self) -> None:
        """SIGKILL to the demo first, so that nobody starts anything again, then to all its own."""
        family = _family(self.process.pid)
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self._reader.join(10)
        self.process.stdout.close()


def _family(pid: int) -> list[int]:
    """This process and all that come from it; the oldest first."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [pid, *(one for child in listed for one in _family(int(child)))]


def wait_for(done: Any, said: Any = lambda: "") -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, said()
        time.sleep(0.1)


def send(ports: dict[str, int], number: int) -> str:
    """One proposal by the API under a key of its own, tried until it is acknowledged."""
    body = json.dumps(sample("partner-half-idea")).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": f"in-the-middle-{number:04}"}
    url = f"http://127.0.0.1:{ports['intake']}/api/v1/proposals"
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(Request(url, body, headers), timeout=10) as response:
                return str(json.load(response)["reference"])
        except (URLError, OSError, ValueError):
            assert time.monotonic() < end
            time.sleep(0.2)


class StoredRows(NamedTuple):
    """What a folder holds that a second start must not change."""

    states: dict[str, str]  # of the cases, by reference
    deeds: int  # of the office
    replies: int  # of proposers
    secrets: dict[str, Any]


def stored_rows(folder: Path) -> StoredRows:
    return StoredRows(
        dict(_rows(folder, "review", "SELECT reference, state FROM cases")),
        len(_rows(folder, "review", "SELECT id FROM audit WHERE staff_id IS NOT NULL")),
        len(_rows(folder, "intake", "SELECT id FROM posts WHERE side = 'proposer'")),
        json.loads((folder / "secrets.json").read_bytes()),
    )


def proposals(folder: Path) -> set[str]:
    return {
        reference for (reference,) in _rows(folder, "intake", "SELECT reference FROM proposals")
    }


def _rows(folder: Path, service: str, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / f"{service}.db", timeout=20)) as link:
        return link.execute(query).fetchall()


def subjects(ports: dict[str, int]) -> str:
    """The subjects of all mails in the mailbox, a line each."""
    with urlopen(f"http://127.0.0.1:{ports['mailbox']}/api/messages", timeout=20) as response:
        return "\n".join(mail["subject"] for mail in json.load(response))


def chosen_ports() -> dict[str, int]:
    return dict(zip(PORTS, free_ports(len(PORTS)), strict=True))


@pytest.mark.skipif(sys.platform != "linux", reason="finds the processes to kill in /proc")
def test_the_demo_is_full_once_and_loses_nothing_when_all_of_it_is_killed(tmp_path: Path):
    ports = chosen_ports()
    demo = Started(tmp_path, ports)
    try:
        demo.wait_until_it_runs()
        first = stored_rows(tmp_path)
        wait_for(lambda: "Yes to your idea" in subjects(ports), lambda: subjects(ports))
        with ThreadPoolExecutor(1) as person:
            sending = person.submit(lambda: {send(ports, number) for number in range(20)})
            wait_for(lambda: len(proposals(tmp_path)) >= len(first.states) + 8)
            demo.kill()
            wait_for(lambda: all(map(is_free, ports.values())))
            demo = Started(tmp_path, ports)
            demo.wait_until_it_runs()
            sent = {reference.replace("-", "") for reference in sending.result(PATIENCE)}
        wait_for(lambda: len(stored_rows(tmp_path).states) >= len(first.states) + 20)

        assert len(first.states) == len(sample_cases.read("example")) >= 12
        assert set(first.states.values()) == STATES
        assert len(sent) == 20
        everything = first.states | dict.fromkeys(sent, "triage")
        assert stored_rows(tmp_path) == first._replace(states=everything)
        assert proposals(tmp_path) == set(everything)
        assert all(word in demo.text() for word in first.secrets["passwords"].values())
        assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
        assert demo.end() == 0
    finally:
        demo.kill()


def test_a_taken_port_is_reported_in_one_sentence(tmp_path: Path):
    ports = chosen_ports()
    with socket.socket() as other:
        other.bind(("127.0.0.1", ports["review"]))
        other.listen()
        demo = Started(tmp_path / "never", ports)
        try:
            assert demo.process.wait(PATIENCE) == 1
        finally:
            demo.kill()

    assert demo.text() == (
        f"Port {ports['review']} is already in use; stop the program that uses it and try again.\n"
    )
    assert not (tmp_path / "never").exists()
