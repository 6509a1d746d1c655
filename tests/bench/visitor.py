"""A minimal browser: an open connection, cookies, GET and POST."""

import http.client
import re
import socket
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

FORM = "application/x-www-form-urlencoded"
HIDDEN = re.compile(r'<input[^>]* name="(csrf_token|view|seen|version)"[^>]* value="([^"]*)"')
PATIENCE = 60.0


class Answer(NamedTuple):
    status: int
    text: str

    @property
    def hidden(self) -> dict[str, str]:
        """The token and the marks that the page's form carries."""
        return dict(HIDDEN.findall(self.text))


class Unexpected(Exception):
    """An unexpected answer, whose time would be meaningless."""


class Visitor:
    """One client with its cookies and its connection."""

    def __init__(self, url: str, cookies: Mapping[str, str] | None = None, *, at: str = ""):
        parts = urlsplit(url)
        self.at = at  # the address of its draft
        self.cookies = dict(cookies or {})
        self._link = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)

    def get(self, path: str, *, wanted: int = 200) -> Answer:
        return self.ask("GET", path, None, {}, wanted=wanted)

    def fill(self, path: str, fields: list[tuple[str, str]], *, wanted: int = 303) -> Answer:
        """Post a form as a browser does."""
        body = urlencode(fields).encode()
        return self.ask("POST", path, body, {"Content-Type": FORM}, wanted=wanted)

    def send(self, path: str, body: bytes, *, wanted: int = 201, key: str = "") -> Answer:
        """Post JSON as a program does."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        return self.ask("POST", path, body, headers, wanted=wanted)

    def ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], *, wanted: int
    ) -> Answer:
        """Send one request. Raises Unexpected for another status."""
        sent = {"Accept": "text/html", "Accept-Language": "en"} | headers
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self._link.request(method, path, body, sent)
            response = self._link.getresponse()
        except (http.client.HTTPException, OSError):
            self._link.close()  # the server closes an open connection now and then
            self._link.request(method, path, body, sent)
            response = self._link.getresponse()
        self._without_delay()
        text = response.read().decode("utf-8", "replace")
        self._keep(response.headers.get_all("Set-Cookie") or [])
        if response.status != wanted:
            raise Unexpected(f"{method} {path}: {response.status} {text[-600:]}")
        return Answer(response.status, text)

    def close(self) -> None:
        self._link.close()

    def _keep(self, set_cookies: list[str]) -> None:
        for line in set_cookies:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value

    def _without_delay(self) -> None:
        if self._link.sock is not None:
            self._link.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
