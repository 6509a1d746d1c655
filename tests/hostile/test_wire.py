"""Bytes on the wire that no careful client or library would send.

A real gunicorn with our settings answers each, changes no table and keeps serving others.
"""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.intake.models import Proposal
from shared import strict_json
from tests.factories import contents, count
from tests.hostile.wire import (
    CHUNK,
    GET,
    HOST,
    JSON,
    POST,
    SEND,
    Answer,
    Server,
    ask,
    opened,
    response_on,
    serving,
    well_behaved,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(migrated_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for this module."""
    with serving(migrated_files, tmp_path_factory.mktemp("wire")) as started:
        yield started


def refused(server: Server, said: bytes, *, status: int) -> Answer:
    """Send it and check that the response is clear, nothing has changed, and others are served."""
    before = contents(server.app)
    answer = ask(server, said)
    assert answer.status == status, answer
    assert answer.body
    assert b"Traceback" not in answer.body
    assert contents(server.app) == before
    assert ask(server, GET + HOST + b"\r\n").status == 200
    return answer


BY_THE_APP = {
    "B5 a body of ten megabytes, of which one byte comes": (
        SEND + b"Content-Length: 10000000\r\n\r\n{", 413),
    "B5 a body of a hundred exabytes": (
        SEND + b"Content-Length: 99999999999999999999\r\n\r\n{", 413),
    "B5 chunks over the limit": (
        SEND + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNK * 8 + b"0\r\n\r\n", 413),
    "B5 chunks over the limit that never end": (
        SEND + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNK * 5, 413),
    "B36 a compressed body": (
        SEND + b"Content-Encoding: gzip\r\nContent-Length: 6\r\n\r\n\x1f\x8b\x08\0\0\0", 415),
    "B108 a host that is not ours": (GET + b"Host: evil.example\r\n\r\n", 400),
    "B108 a host with a name in front": (GET + b"Host: 127.0.0.1@evil.example\r\n\r\n", 400),
    "B108 a whole address of another host": (
        b"GET http://evil.example/healthz HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "B108 a whole address of our host": (
        b"GET http://127.0.0.1/healthz HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "B111 TRACE": (b"TRACE /healthz HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    "B111 CONNECT": (b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "B111 PROPFIND": (b"PROPFIND /healthz HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    "B111 OPTIONS of everything": (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "B111 a way up": (b"GET /../..//etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "B111 a way up, written differently": (
        b"GET /%2e%2e/%2e%2e%2fetc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "B111 two slashes in front": (b"GET //etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", 404),
}  # fmt: skip


@pytest.mark.parametrize(("said", "status"), BY_THE_APP.values(), ids=BY_THE_APP)
def test_a_refused_request_gets_the_reason(server: Server, said: bytes, status: int):
    answer = refused(server, said, status=status)
    assert answer.kind == "application/problem+json"
    assert strict_json.loads(answer.body)["status"] == status


BY_THE_SERVER = {
    "B22 a header of 64 KB": (GET + HOST + b"X: " + b"a" * 65536 + b"\r\n\r\n", 431),
    "B22 two hundred headers": (
        GET + HOST + b"".join(b"X-%d: a\r\n" % n for n in range(200)) + b"\r\n", 431),
    "B22 a path of 64 KB": (b"GET /" + b"a" * 65536 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 431),
    "B22 a path of 4 KB": (b"GET /" + b"a" * 4096 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    "B40 a key on two lines": (
        POST + HOST + JSON + b"Idempotency-Key: 0123456789abcdef\r\n more\r\n\r\n", 400),
    "B40 a key with a bare newline": (
        POST + HOST + JSON + b"Idempotency-Key: 0123456789abcdef\nX-Evil: 1\r\n\r\n", 400),
    "B40 a key with a bare carriage return": (
        POST + HOST + JSON + b"Idempotency-Key: 0123456789abcdef\rX-Evil: 1\r\n\r\n", 400),
    "B40 a key with a zero byte": (
        POST + HOST + JSON + b"Idempotency-Key: 0123456789\0abcdef\r\n\r\n", 400),
    "B108 two hosts": (GET + HOST + b"Host: evil.example\r\n\r\n", 400),
    "a length below zero": (SEND + b"Content-Length: -1\r\n\r\n", 400),
    "two lengths": (SEND + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
    "a length and chunks": (
        SEND + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "a way of transfer that nobody knows": (SEND + b"Transfer-Encoding: gzip\r\n\r\n{}", 400),
    "two ways of transfer": (SEND + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 400),
    "chunks in the first version of HTTP": (
        SEND.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "B36 a chunk that is none": (
        SEND + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", 400),
    "another protocol": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "HTTP/2 at once": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
}  # fmt: skip


@pytest.mark.parametrize(("said", "status"), BY_THE_SERVER.values(), ids=BY_THE_SERVER)
def test_a_malformed_request_never_reaches_the_app(server: Server, said: bytes, status: int):
    refused(server, said, status=status)


def test_a_body_that_ends_before_its_length_is_not_taken_for_a_whole_one(server: Server):
    before = contents(server.app)
    cut = well_behaved().replace(b"Content-Length: ", b"Content-Length: 1")
    with opened(server, cut) as line:
        line.shutdown(socket.SHUT_WR)
        answer = response_on(line)
    assert (answer.status, strict_json.loads(answer.body)["code"]) == (400, "cut_off")
    assert contents(server.app) == before


HALVES = [b"POST /api/v1/pro", SEND, SEND + b"Content-Length: 200\r\n\r\n{"]


def test_a_client_that_falls_silent_within_a_request_delays_no_other(server: Server):
    before = count(server.app, Proposal)
    silent = [opened(server, half) for half in HALVES]
    for _ in range(3):
        assert ask(server, well_behaved()).status == 201
    for line in silent:  # before any timeout
        line.setblocking(False)
        with pytest.raises(BlockingIOError):
            line.recv(1)
        line.close()
    assert count(server.app, Proposal) == before + 3


def test_more_silent_clients_than_threads_are_disconnected_without_an_error(server: Server):
    silent = [opened(server, half) for half in HALVES * 3]
    assert ask(server, GET + HOST + b"\r\n").status == 200
    for line in silent:
        with line:
            last = line.recv(65536)
            assert last == b"" or last.startswith(b"HTTP/1.1 400 ")
    assert "Traceback" not in server.log.read_text()
