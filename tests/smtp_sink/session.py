"""One session of the sink: the usual replies, or the planned fault of a stage."""

import re
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.smtp_sink.server import Act, Server

USUAL = {
    "connect": b"220 sink.example ESMTP\r\n",
    "starttls": b"220 2.0.0 go ahead\r\n",
    "auth": b"235 2.7.0 welcome\r\n",
    "mail": b"250 2.1.0 fine\r\n",
    "rcpt": b"250 2.1.5 fine\r\n",
    "data": b"354 go ahead\r\n",
    "dot": b"250 2.0.0 kept\r\n",
    "rset": b"250 2.0.0 forgotten\r\n",
}
LATE, DRIP, HANG = 0.2, 0.1, 600.0  # seconds
MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.IGNORECASE | re.MULTILINE)


class Dropped(Exception):
    """Raised when the session is over."""


class Session:
    """One client and its envelope."""

    def __init__(self, server: "Server", link: socket.socket):
        self.server, self.link = server, link
        self.lines = link.makefile("rb")
        self.sender = ""
        self.recipients: list[str] = []

    def say(self, stage: str, usual: bytes) -> bool:
        """Send the usual reply or the planned fault; returns whether it was a success reply."""
        return self.act(self.server.choose(stage), usual)

    def act(self, act: "Act | None", usual: bytes) -> bool:
        if isinstance(act, bytes):
            self.link.sendall(act)
            if act.startswith(b"421"):
                raise Dropped
            return act[:1] in b"23"
        if act == "drip":
            for at in range(len(usual)):
                self.pause(DRIP)
                self.link.sendall(usual[at : at + 1])
            return True
        if act is not None and act.endswith("late"):
            self.pause(LATE)
        elif act is not None and act.endswith("hang"):
            self.server.release.wait(HANG)
            raise Dropped
        elif act is not None:
            raise Dropped
        self.link.sendall(usual)
        return True

    def pause(self, seconds: float) -> None:
        if self.server.release.wait(seconds):
            raise Dropped

    def upgrade(self) -> None:
        if self.server.tls is None:
            raise Dropped
        self.lines.close()
        self.link = self.server.tls.wrap_socket(self.link, server_side=True)
        self.lines = self.link.makefile("rb")

    def close(self) -> None:
        self.lines.close()
        with suppress(OSError):
            self.link.shutdown(socket.SHUT_RDWR)
        self.link.close()


def converse(server: "Server", link: socket.socket) -> None:
    session = Session(server, link)
    with suppress(Dropped, OSError, ValueError):
        session.say("connect", USUAL["connect"])
        while line := session.lines.readline(4096):
            _answer(session, line)
    with suppress(OSError):
        session.close()


def _answer(session: Session, line: bytes) -> None:
    server = session.server
    server.commands.append(line.decode("ascii", "replace").strip())
    stage = line[:8].split()[0].decode("ascii", "replace").lower() if line.strip() else ""
    if stage == "quit":
        session.link.sendall(b"221 2.0.0 bye\r\n")
        raise Dropped
    if stage == "mail":
        session.sender, session.recipients = _path(line), []
    usual = _hello(server) if stage == "ehlo" else USUAL.get(stage, b"500 5.5.2 what\r\n")
    if not session.say(stage, usual):
        return
    if stage == "rcpt":
        session.recipients.append(_path(line))
    elif stage == "starttls":
        session.upgrade()
    elif stage == "data":
        _take(session)


def _hello(server: "Server") -> bytes:
    offers = [b"sink.example", b"8BITMIME", *([b"STARTTLS"] if server.tls else [])]
    return b"".join(b"250-%s\r\n" % offer for offer in offers) + b"250 AUTH PLAIN\r\n"


def _path(line: bytes) -> str:
    return line.partition(b"<")[2].partition(b">")[0].decode("ascii", "replace")


def _take(session: Session) -> None:
    """Read the body and keep or drop it, as planned."""
    act = session.server.choose("body")
    if isinstance(act, bytes):
        session.link.sendall(act)  # early, like a server that is about to close
        raise Dropped
    if act == "leave late":
        session.pause(LATE)
        session.link.sendall(b"421 4.4.2 idle for too long\r\n")
        raise Dropped
    lines: list[bytes] = []
    while (line := session.lines.readline()) != b".\r\n":
        if not line or act == "drop":
            raise Dropped
        lines.append(line[1:] if line.startswith(b".") else line)
    body = b"".join(lines)
    found = MESSAGE_ID.search(body)
    act = session.server.choose("dot")
    if act is None or act == "drip" or act[:1] == b"2" or str(act).startswith("keep"):
        name = found[1].decode() if found else ""
        first, *others = session.recipients or [""]
        session.server.copies += [(name, other, body) for other in others]
        session.server.keep(name, session.sender, first, body)
    session.act(act, USUAL["dot"])
