"""A scripted AMQP peer that confirms late, wrongly or never.

A real RabbitMQ cannot lose exactly one confirm on demand; this one can, within a millisecond. It
speaks AMQP 0-9-1 on loopback, accepts every declaration, and leaves publishes and consumers to the
script.
"""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from amqp.serialization import dumps, loads

Method = tuple[int, int]
FRAME_END = b"\xce"
START, START_OK, TUNE, OPEN, CLOSE = (10, 10), (10, 11), (10, 30), (10, 40), (10, 50)
BLOCKED, UNBLOCKED = (10, 60), (10, 61)
CHANNEL_CLOSE = (20, 40)
CONSUME, CANCEL, PUBLISH, RETURN, DELIVER = (60, 20), (60, 30), (60, 40), (60, 50), (60, 60)
ACK, NACK = (60, 80), (60, 120)

# Methods with a fixed answer, and its arguments.
ANSWERS: dict[Method, tuple[Method, str, list[Any]]] = {
    START_OK: (TUNE, "BlB", [2047, 131072, 60]),
    OPEN: ((10, 41), "s", [""]),
    CLOSE: ((10, 51), "", []),
    (20, 10): ((20, 11), "S", [""]),  # channel.open
    CHANNEL_CLOSE: ((20, 41), "", []),
    (40, 10): ((40, 11), "", []),  # exchange.declare
    (50, 10): ((50, 11), "sll", ["any", 0, 0]),  # queue.declare
    (60, 10): ((60, 11), "", []),  # basic.qos
    (85, 10): ((85, 11), "", []),  # confirm.select
}
CAPABILITIES = {
    "publisher_confirms": True,
    "consumer_cancel_notify": True,
    "connection.blocked": True,
    "basic.nack": True,
}


class Talk:
    """One connection. `published` and `acked` hold what the client sent, by delivery tag."""

    def __init__(self, peer: socket.socket, capabilities: dict[str, bool]) -> None:
        self._peer = peer
        self._capabilities = capabilities
        self.client: dict[str, Any] = {}  # server properties
        self._channel = 0
        self.published: dict[int, bytes] = {}
        self.acked: list[int] = []
        self.left = False  # after a proper close

    def say(
        self, method: Method, form: str = "", arguments: Any = (), *, channel: int = -1
    ) -> None:
        """Send one method, on the channel used last unless another is named."""
        frame = struct.pack(">HH", *method) + dumps(form, list(arguments))
        self._send(1, self._channel if channel < 0 else channel, frame)

    def ack(self, tag: int, *, multiple: bool = False) -> None:
        self.say(ACK, "Lb", [tag, multiple])

    def nack(self, tag: int, *, multiple: bool = False) -> None:
        self.say(NACK, "Lbb", [tag, multiple, False])

    def give_back(self, event_id: str, *, key: str = "any.v1") -> None:
        """Send basic.return: the message reached no queue."""
        self.say(RETURN, "Bsss", [312, "NO_ROUTE", "intake.events", key])
        self._content(b"x", properties=struct.pack(">H", 0x0080) + dumps("s", [event_id]))

    def deliver(self, consumer: str, tag: int, body: bytes, *, properties: bytes = b"\0\0") -> None:
        """Send basic.deliver; `properties` are flags and values in wire format."""
        self.say(DELIVER, "sLbss", [consumer, tag, False, "intake.events", "any.v1"])
        self._content(body, properties=properties)

    def close_channel(self, code: int, text: str) -> None:
        self.say(CHANNEL_CLOSE, "BsBB", [code, text, *PUBLISH])

    def cancel(self, consumer: str) -> None:
        self.say(CANCEL, "sb", [consumer, True])

    def block(self) -> None:
        self.say(BLOCKED, "s", ["low on memory"], channel=0)

    def unblock(self) -> None:
        self.say(UNBLOCKED, channel=0)

    def hang_up(self) -> None:
        """Close the connection without a close method."""
        self._peer.shutdown(socket.SHUT_RDWR)

    def listen(self) -> Iterator[tuple[Method, Any]]:
        """Answer fixed methods; yield the tag of each publish and the name of each consumer."""
        self._read(8)
        properties = {"product": "a script", "version": "0", "capabilities": self._capabilities}
        self.say(START, "ooFSS", [0, 9, properties, "PLAIN", "en_US"], channel=0)
        method: Method = START
        while method != CLOSE:
            kind, channel, frame = self._frame()
            if kind != 1:
                continue  # a heartbeat
            method = struct.unpack(">HH", frame[:4])
            self._channel = channel or self._channel
            if method == PUBLISH:
                yield method, self._published()
            elif method == CONSUME:
                yield method, self._consumer(frame)
            else:
                self._answer(method, frame, channel=channel)

    def _answer(self, method: Method, frame: bytes, *, channel: int) -> None:
        if method == START_OK:
            self.client = loads("FsSs", frame, 4)[0][0]
        if method == ACK:
            self.acked.append(loads("Lb", frame, 4)[0][0])
        self.left = method == CLOSE
        if method in ANSWERS:
            answer, form, values = ANSWERS[method]
            self.say(answer, form, values, channel=channel)

    def _consumer(self, frame: bytes) -> str:
        name: str = loads("BssbbbbF", frame, 4)[0][2]
        self.say((60, 21), "s", [name])
        return name

    def _published(self) -> int:
        size = struct.unpack(">HHQ", self._frame()[2][:12])[2]
        body = b""
        while len(body) < size:
            body += self._frame()[2]
        tag = len(self.published) + 1
        self.published[tag] = body
        return tag

    def _content(self, body: bytes, *, properties: bytes) -> None:
        self._send(2, self._channel, struct.pack(">HHQ", 60, 0, len(body)) + properties)
        if body:
            self._send(3, self._channel, body)

    def _send(self, kind: int, channel: int, frame: bytes) -> None:
        head = struct.pack(">BHI", kind, channel, len(frame))
        self._peer.sendall(head + frame + FRAME_END)

    def _frame(self) -> tuple[int, int, bytes]:
        kind, channel, size = struct.unpack(">BHI", self._read(7))
        frame = self._read(size + 1)[:-1]
        return kind, channel, frame

    def _read(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            more = self._peer.recv(count - len(found))
            if not more:
                raise EOFError
            found += more
        return found


def _ignore(talk: Talk, what: Any) -> None:
    return None


@contextmanager
def fake_broker(
    *,
    on_publish: Callable[[Talk, int], None] = _ignore,
    on_consume: Callable[[Talk, str], None] = _ignore,
    capabilities: dict[str, bool] = CAPABILITIES,
    tls: ssl.SSLContext | None = None,
) -> Iterator[tuple[str, list[Talk]]]:
    """A listening peer: its address and its connections, the oldest first.

    `on_publish` gets the delivery tag of each message, `on_consume` the name of each consumer. With
    `tls`, this context wraps the connections and the address is an amqps one.
    """
    talks: list[Talk] = []
    threads: list[threading.Thread] = []
    script: dict[Method, Callable[[Talk, Any], None]] = {PUBLISH: on_publish, CONSUME: on_consume}

    def converse(peer: socket.socket) -> None:
        with (
            suppress(EOFError, OSError),
            tls.wrap_socket(peer, server_side=True) if tls else peer as line,
        ):
            talks.append(talk := Talk(line, capabilities))
            for method, what in talk.listen():
                script[method](talk, what)

    def accept() -> None:
        with suppress(OSError):
            while True:
                peer, _ = door.accept()
                peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threads.append(threading.Thread(target=converse, args=(peer,), daemon=True))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as door:
        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        scheme = "amqps" if tls else "amqp"
        yield f"{scheme}://guest:guest@localhost:{door.getsockname()[1]}//", talks
        door.shutdown(socket.SHUT_RDWR)
    for thread in [accepting, *threads]:
        thread.join(timeout=5)
