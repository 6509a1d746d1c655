"""The simulated proposers: they submit proposals and retry with the same key."""

import json
import random
import threading
import time
import uuid
from http.client import HTTPException
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.factories import sample, samples

PATIENCE = 60.0  # seconds after which a person gives up
HASTY = 0.05  # the share of people who never retry


class Attempt(NamedTuple):
    """One submission as the person saw it; `reference` is None without a receipt."""

    key: str
    reference: str | None
    tries: int


class Crowd:
    """Threads that submit until stopped, and the attempts of their people."""

    def __init__(self, url: str, *, seed: int, threads: int = 3, pause: float = 0.4):
        self.url, self.pause = url, pause
        self.attempts: list[Attempt] = []
        self.refused: list[str] = []
        self.done = threading.Event()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._send, args=(random.Random(seed + number),))
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def acknowledged(self) -> list[Attempt]:
        with self._lock:
            return [attempt for attempt in self.attempts if attempt.reference]

    def stop(self) -> None:
        """Stop new proposals and wait for those in progress."""
        self.done.set()
        for thread in self._threads:
            thread.join()

    def _send(self, chance: random.Random) -> None:
        names = samples()
        while not self.done.is_set():
            body = json.dumps(sample(chance.choice(names))).encode()
            attempt = self._until_answered(body, hasty=chance.random() < HASTY)
            with self._lock:
                self.attempts.append(attempt)
            time.sleep(chance.uniform(0, 2 * self.pause))

    def _until_answered(self, body: bytes, *, hasty: bool) -> Attempt:
        key = uuid.uuid4().hex
        end = time.monotonic() + PATIENCE
        tries = 0
        while time.monotonic() < end:
            tries += 1
            reference = self._once(body, key)
            if reference or hasty:
                return Attempt(key, reference, tries)
            time.sleep(0.2)
        return Attempt(key, None, tries)

    def _once(self, body: bytes, key: str) -> str | None:
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        request = Request(f"{self.url}/api/v1/proposals", data=body, headers=headers)  # noqa: S310
        try:
            with urlopen(request, timeout=20) as response:  # noqa: S310 - our own loopback address
                return str(json.load(response)["reference"]).replace("-", "")
        except HTTPError as error:
            if error.code != 503:  # "try again later" is acceptable; any other error is not
                with self._lock:
                    self.refused.append(f"{error.code} {error.read()[:200]!r}")
        except (URLError, OSError, HTTPException, ValueError):
            pass
        return None
