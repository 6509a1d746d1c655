"""Rounds of requests until the time is over; every fault is kept with its smallest request."""

import random
import socket
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisWarning

from tests.fuzz.strategies import SURFACES
from tests.fuzz.world import Ask, World
from tests.hostile.wire import Server, ask, opened, response_on, well_behaved

A_ROUND = 60  # requests of one surface
WITHIN = 20.0  # seconds in which a server answers or closes, on a busy machine too
ALIVE = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
PIECES = (
    *(
        b"\r\n",
        b"\n",
        b"\0",
        b" ",
        b":",
        b"\xff",
        b"\t",
        b"HTTP/1.1",
        b"%00",
        b"?",
        b"//",
        b"zz\r\n",
    ),
    *(b"Transfer-Encoding: gzip\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Length: 5\r\n"),
    *(
        b"Host: evil.example\r\n",
        b"Expect: 100-continue\r\n",
        b"Connection: close\r\n",
        b"0\r\n\r\n",
    ),
)


class Tally:
    """What was sent, what came back, and what went wrong."""

    def __init__(self) -> None:
        self.answers: dict[str, Counter[str]] = {}
        self.faults: list[str] = []

    def add(self, surface: str, status: int) -> None:
        self.answers.setdefault(surface, Counter())[
            f"{status // 100}xx" if status else "closed"
        ] += 1

    def lines(self) -> Iterator[str]:
        """The table, one surface a line."""
        kinds = ("2xx", "3xx", "4xx", "closed")
        yield f"  {'':<14}{'requests':>10}" + "".join(f"{kind:>10}" for kind in kinds)
        for surface, seen in self.answers.items():
            counts = "".join(f"{seen[kind]:>10,}" for kind in kinds)
            yield f"  {surface:<14}{sum(seen.values()):>10,}{counts}"


def run_pages(world: World, tally: Tally, *, seed_of_round: int, until: float) -> None:
    """Rounds over the four surfaces of this world."""
    number = 0
    while time.monotonic() < until:
        for surface, strategy in SURFACES.items():
            if time.monotonic() < until:
                number += 1
                _round(
                    strategy(world), _sender(world, tally, surface), seed_of_round + number, tally
                )
        world.enter_again()


def run_wire(server: Server, tally: Tally, *, seed_of_round: int, until: float) -> None:
    """Requests with bytes inserted, removed and exchanged, sent to a real server."""
    chance = random.Random(seed_of_round)
    while time.monotonic() < until:
        said = _spoiled(chance)
        try:
            tally.add("bytes", _answer(server, said))
            alive, log = ask(server, ALIVE), server.log.read_text()
            assert alive.status == 200, alive
            assert "Traceback" not in log, log[-3000:]
        except Exception as fault:
            tally.faults.append(f"bytes: {fault!r} for {said!r}")
            return


def _sender(world: World, tally: Tally, surface: str) -> Callable[[Ask], None]:
    def send(asked: Ask) -> None:
        tally.add(surface, world.send(asked))

    return send


def _round(
    strategy: st.SearchStrategy[Ask], send: Callable[[Ask], None], number: int, tally: Tally
) -> None:
    test: Any = given(strategy)(send)
    test = settings(
        max_examples=A_ROUND,
        deadline=None,
        database=None,
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )(test)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", HypothesisWarning)  # that a request is long to print
            seed(number)(test)()
    except Exception as fault:
        tally.faults.append(f"seed {number}: {type(fault).__name__}: {str(fault)[:1500]}")


def _spoiled(chance: random.Random) -> bytes:
    said = chance.choice([well_behaved(), ALIVE, well_behaved()[:200]])
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(said) + 1)
        gone = chance.choice([0, 0, 1, 3])
        said = said[:place] + chance.choice(PIECES) + said[place + gone :]
    return said


def _answer(server: Server, said: bytes) -> int:
    """The status; 0 if the server closes the connection without one."""
    with opened(server, said) as line:
        line.settimeout(WITHIN)
        line.shutdown(socket.SHUT_WR)
        try:
            answer = response_on(line)
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            return 0
    assert answer.status < 500, answer
    return answer.status
