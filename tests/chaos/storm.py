"""The storm: kill processes at crash points and stop servers while people submit proposals."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator

from tests.chaos import rig as rigs
from tests.chaos.client import Crowd
from tests.chaos.rig import Rig
from tests.crash_points import POINTS
from tests.smtp_sink.server import in_order

CALM = 2.0  # seconds between kills once each crash point has killed often enough
ARMED_FOR = 8.0  # seconds; an unreached crash point is armed again later
SMTP_TROUBLE: list[tuple[str, bytes | str]] = [
    ("connect", b"421 4.3.2 busy\r\n"),
    ("mail", b"451 4.3.0 not now\r\n"),
    ("rcpt", b"450 4.2.1 later\r\n"),
    ("rcpt", "drop"),
    ("data", "drop"),
    ("body", "drop"),
    ("rcpt", "hang"),
    ("dot", b"451 4.3.0 not now\r\n"),
    ("dot", "drop"),
    ("dot", "keep, then drop"),
    ("dot", "hang"),
    ("dot", "keep, then hang"),
]


class Storm:
    """The kills, in an order that depends on the seed."""

    def __init__(self, rig: Rig, crowd: Crowd, *, seed: int, until: float):
        self.rig, self.crowd, self.until = rig, crowd, until
        self.chance = random.Random(seed)
        self.notes: list[str] = []

    def kills(self) -> Counter[str]:
        """How often each crash point has killed a process."""
        file = self.rig.points / "killed"
        lines = file.read_text().splitlines() if file.exists() else []
        return Counter(line.split("\t")[3] for line in lines)

    def blow(self, *, submissions: int, kills_a_point: int) -> None:
        """Continue until there are enough submissions and enough kills at each crash point."""
        events = self._events()
        order = self._order()
        while time.monotonic() < self.until:
            killed = self.kills()
            short = [point for point in POINTS if killed[point] < kills_a_point]
            enough = len(self.crowd.acknowledged) >= submissions
            if enough:
                self.crowd.pause = (
                    1.0  # now they only keep busy the parts that still have to be killed
                )
            if enough and not short:
                break
            event = next(events, None)
            if event is not None:
                event()
            if not short:
                self._tend_for(CALM)  # otherwise each attempt of a person would hit a kill
            self._kill_at([point for point in order() if point in short] or order())
        for left in events:
            left()

    def _order(self) -> Callable[[], list[str]]:
        def shuffled() -> list[str]:
            return self.chance.sample(POINTS, len(POINTS))

        return shuffled

    def _kill_at(self, points: list[str]) -> None:
        """Arm two crash points, of the sender and another part; wait until both have killed."""
        first = points[0]
        second = next((point for point in points if point[:3] != first[:3]), None)
        armed = [point for point in (first, second) if point]
        for point in armed:
            (self.rig.points / "armed" / point).touch()
        end = time.monotonic() + ARMED_FOR
        while time.monotonic() < min(end, self.until):
            self.rig.running.restart_ended()
            if not any((self.rig.points / "armed" / point).exists() for point in armed):
                return
            time.sleep(0.05)
        for point in armed:
            (self.rig.points / "armed" / point).unlink(missing_ok=True)

    def _events(self) -> Iterator[Callable[[], None]]:
        """The single incidents of this mode."""
        yield self._smtp_trouble
        if self.rig.broker is not None:
            yield self._broker_killed
            yield self._broker_down
        if self.rig.database is not None:
            yield self._database_restarted
        yield self._everything_killed

    def _smtp_trouble(self) -> None:
        trouble = list(SMTP_TROUBLE)
        self.chance.shuffle(trouble)
        self.rig.sink.choose = in_order(trouble)
        self.notes.append(f"mail server: {len(trouble)} refusals, hangs and drops")

    def _broker_killed(self) -> None:
        assert self.rig.broker is not None
        self.rig.broker.kill()
        self._tend_for(0.5)
        self.rig.broker.start()
        self.notes.append("broker: killed with -9, started again")

    def _broker_down(self) -> None:
        assert self.rig.broker is not None
        before = len(self.crowd.acknowledged)
        self.rig.broker.kill()
        self._tend_for(6.0)
        sent = len(self.crowd.acknowledged) - before
        self.rig.broker.start()
        self.notes.append(f"broker: away for 6 s, {sent} proposals acknowledged meanwhile")

    def _database_restarted(self) -> None:
        assert self.rig.database is not None
        self.rig.database.kill_immediate()
        self._tend_for(1.0)
        self.rig.database.start()
        self.notes.append("database: ended at once (immediate), started again")

    def _everything_killed(self) -> None:
        count = rigs.kill_everything(self.rig)
        self.notes.append(f"everything: {count} processes killed with -9 at once, started again")

    def _tend_for(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.rig.running.restart_ended()
            time.sleep(0.05)


def recoveries(rig: Rig) -> list[float]:
    """Seconds from each kill until the work of the killed process went on, where seen.

    It goes on when another process of the service reaches a place of the same family.
    """
    killed = _lines(rig, "killed")
    reached = _lines(rig, "reached")
    results = []
    for at, pid, name, place in killed:
        family = place.split(".")[0]
        again = [
            later - at
            for later, other, who, where in reached
            if later > at
            and other != pid
            and _same_process(who, name)
            and where.split(".")[0] == family
        ]
        if again:
            results.append(min(again))
    return sorted(results)


def _same_process(one: str, other: str) -> bool:
    return one.split("-")[0] == other.split("-")[0]


def _lines(rig: Rig, file: str) -> list[tuple[float, str, str, str]]:
    path = rig.points / file
    rows = [line.split("\t") for line in path.read_text().splitlines()] if path.exists() else []
    return [(float(at), pid, name, place) for at, pid, name, place in rows]


def drained_within(seconds: float, is_quiet: Callable[[], str], tend: Callable[[], object]) -> str:
    """Wait until nothing moves; return "" or what still moves."""
    end = time.monotonic() + seconds
    while (moving := is_quiet()) and time.monotonic() < end:
        tend()
        time.sleep(0.2)
    return moving
