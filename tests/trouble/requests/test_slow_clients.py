"""Hundreds of clients that send or read slowly delay nobody, without a proxy in front."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.intake.models import Proposal
from tests.factories import count
from tests.hostile.wire import (
    GET,
    HALF_A_FORM,
    HOST,
    SEND,
    Server,
    ask,
    opened,
    serving,
    well_behaved,
)

pytestmark = pytest.mark.slow

AT_ONCE = 2.0  # seconds; a machine that also runs other tests needs some of them
HALF_A_HEADER = b"POST /link HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
HALF_A_CHUNK = SEND + b"Transfer-Encoding: chunked\r\n\r\n1000\r\n{"


@pytest.fixture(scope="module")
def server(migrated_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    more = {"OVERTURE_SENDS_PER_HOUR": "100000", "OVERTURE_MAILS_PER_HOUR": "100000"}
    with serving(migrated_files, tmp_path_factory.mktemp("slow"), **more) as started:
        yield started


@contextlib.contextmanager
def dripping(server: Server, said: bytes, *, clients: int) -> Iterator[list[socket.socket]]:
    """So many clients that send this and then a byte each second, until the end."""
    lines = [opened(server, said) for _ in range(clients)]
    end = threading.Event()

    def drip() -> None:
        while not end.wait(1):
            for line in lines:
                with contextlib.suppress(OSError):
                    line.sendall(b"a")

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield lines
    finally:
        end.set()
        thread.join()
        for line in lines:
            line.close()


def longest_answer(server: Server, *, seconds: float) -> float:
    """Read and send proposals for so long; the time that the slowest answer took."""
    longest, end = 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        for said, status in ((GET + HOST + b"\r\n", 200), (well_behaved(), 201)):
            began = time.monotonic()
            assert ask(server, said).status == status
            longest = max(longest, time.monotonic() - began)
    return longest


@pytest.mark.parametrize(
    ("said", "clients"),
    [(HALF_A_FORM, 12), (HALF_A_HEADER, 50), (HALF_A_CHUNK, 12), (HALF_A_FORM, 200)],
    ids=["twelve forms", "fifty headers", "twelve chunks", "two hundred forms"],
)
def test_slow_senders_delay_nobody(server: Server, said: bytes, clients: int):
    before = count(server.app, Proposal)
    with dripping(server, said, clients=clients):
        assert longest_answer(server, seconds=4) < AT_ONCE
    assert count(server.app, Proposal) > before


def test_two_hundred_clients_that_read_nothing_delay_nobody(server: Server):
    page = b"GET /questions/partner HTTP/1.1\r\n" + HOST + b"\r\n"
    lines = []
    for _ in range(200):
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        line.connect(("127.0.0.1", server.port))
        line.sendall(page)
        lines.append(line)
    ask(server, page)  # its turn comes after the two hundred pages
    assert longest_answer(server, seconds=4) < AT_ONCE
    for line in lines:
        line.close()


def test_a_slow_sender_that_ends_gets_the_answer_of_its_form(server: Server):
    form = HALF_A_FORM.replace(b"5000", b"12")
    with opened(server, form) as line:
        for byte in b"ada@x.":
            time.sleep(0.2)
            line.sendall(bytes([byte]))
        assert line.recv(65536).startswith(b"HTTP/1.1 400 ")  # only the token is missing


def test_a_client_that_never_comes_to_an_end_is_disconnected(server: Server):
    with dripping(server, HALF_A_HEADER, clients=3) as lines:
        for line in lines:
            line.settimeout(60)  # the limit is 30 seconds
            began = time.monotonic()
            assert line.recv(1) == b""
            assert time.monotonic() - began < 50


def test_the_server_says_nothing_about_slow_clients_but_what_it_always_says(server: Server):
    assert "Traceback" not in server.log.read_text()
