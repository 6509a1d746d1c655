"""`python -m tests.fuzz`: an hour of requests on each database there is; exit 1 after a fault."""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.apps import Suite, close, migrate, three_databases
from tests.chaos.report import Report
from tests.fuzz.rounds import Tally, run_pages, run_wire
from tests.fuzz.world import World
from tests.hostile.wire import serving
from tests.servers import POSTGRES_URL

OF_THE_WIRE = 0.2  # of the time
A_WORLD = 120.0  # seconds until new databases replace those that have grown


def main() -> int:
    """Run until the time is over; return the exit code."""
    parser = argparse.ArgumentParser(description="Send random requests to everything.")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--seconds", type=float, default=3600, help="for everything")
    parser.add_argument("--record", type=Path, help="write the table into this file too")
    options = parser.parse_args()
    output, tally = Report("fuzz"), Tally()
    output.line(f"fuzz: seed {options.seed}, {options.seconds:.0f} s")
    urls = [None, *filter(None, [os.environ.get(POSTGRES_URL)])]
    share = options.seconds * (1 - OF_THE_WIRE) / len(urls)
    for url in urls:
        output.line(f"  pages and APIs on {'PostgreSQL' if url else 'SQLite'}")
        _pages(url, tally, seed=options.seed, until=time.monotonic() + share, output=output)
    _wire(tally, seed=options.seed, until=time.monotonic() + options.seconds * OF_THE_WIRE)
    for line in [*tally.lines(), *tally.faults]:
        output.line(line)
    output.line("fuzz: no fault" if not tally.faults else f"fuzz: {len(tally.faults)} FAULTS")
    if options.record:
        output.record(options.record)
    return 1 if tally.faults else 0


def _pages(url: str | None, tally: Tally, *, seed: int, until: float, output: Report) -> None:
    number = 0
    while time.monotonic() < until:
        with _world(url) as world:
            if not number:
                found = f"{len(world.places)} routes and methods, {len(world.forms)} forms"
                output.line(f"    {found}, {len(world.visitors)} visitors")
            ends = min(until, time.monotonic() + A_WORLD)
            run_pages(world, tally, seed_of_round=seed + 1_000_000 * number, until=ends)
        number += 1


def _wire(tally: Tally, *, seed: int, until: float) -> None:
    with tempfile.TemporaryDirectory(prefix="overture-fuzz-") as folder:
        files, served = Path(folder, "files"), Path(folder, "served")
        files.mkdir()
        served.mkdir()
        migrate(f"sqlite:///{files}/{{service}}.db")
        more = {"OVERTURE_SENDS_PER_HOUR": "10000000", "OVERTURE_MAILS_PER_HOUR": "10000000"}
        with serving(files, served, **more) as server:
            run_wire(server, tally, seed_of_round=seed, until=until)


@contextmanager
def _world(url: str | None) -> Iterator[World]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="overture-fuzz-"))
        if url is None:
            address = f"sqlite:///{folder}/{{service}}.db"
            migrate(address)
        else:
            address = stack.enter_context(three_databases(url))
        suite = Suite(DATABASE_URL=address, RUN_DIR=f"{folder}/run", LOG_LEVEL="CRITICAL")
        try:
            yield World(suite)
        finally:
            for app in suite.made.values():
                close(app)


if __name__ == "__main__":
    raise SystemExit(main())
