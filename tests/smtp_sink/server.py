"""The listener of the sink: it accepts connections, keeps mails and hands out the faults."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from tests.smtp_sink import session

Act = bytes | str
Fault = tuple[str, Act]


class Accepted(NamedTuple):
    message_id: str
    sender: str
    recipient: str
    body: bytes  # with dots unstuffed


Choose = Callable[[str], Act | None]
Keep = Callable[[Accepted], None]


class Server:
    """The state of a sink: planned faults and accepted mails. `release` ends hanging sessions."""

    def __init__(self, choose: Choose, *, keep: Keep, port: int = 0):
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self.listener.getsockname()[1]
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.accepted: list[Accepted] = []
        self.copies: list[tuple[str, str, bytes]] = []  # Message-ID, another recipient, body
        self.commands: list[str] = []
        self.connections = 0
        self.tls: ssl.SSLContext | None = None
        self.release = threading.Event()
        self.choose, self._keep = choose, keep

    def keep(self, *envelope_and_body: Any) -> None:
        """Store the mail durably, before it is acknowledged."""
        mail = Accepted(*envelope_and_body)
        self._keep(mail)
        self.accepted.append(mail)

    def count(self, message_id: str) -> int:
        """How often the mail with this Message-ID (without brackets) was accepted."""
        return sum(mail.message_id == message_id for mail in self.accepted)


def in_order(faults: list[Fault]) -> Choose:
    """Each fault once, at the next time its stage is reached."""
    waiting = list(faults)
    lock = threading.Lock()

    def choose(stage: str) -> Act | None:
        with lock:
            for fault in waiting:
                if fault[0] == stage:
                    waiting.remove(fault)
                    return fault[1]
        return None

    return choose


@contextmanager
def sink(
    faults: list[Fault] | None = None, *, tls: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """A sink on a free loopback port, for the duration of the block."""
    server = Server(in_order(faults or []), keep=lambda mail: None)
    server.tls = tls
    with serving(server):
        yield server


@contextmanager
def serving(server: Server) -> Iterator[None]:
    """Accept connections, one thread each; at the end close and join all of them."""
    threads: list[threading.Thread] = []
    links: list[socket.socket] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                link, _ = server.listener.accept()
                links.append(link)
                server.connections += 1
                threads.append(
                    threading.Thread(target=session.converse, args=(server, link), daemon=True)
                )
                threads[-1].start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield
    finally:
        server.release.set()
        for end in [server.listener, *links]:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        for thread in [acceptor, *threads]:
            thread.join(timeout=5)
