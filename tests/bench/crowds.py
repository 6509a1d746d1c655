"""An office with few cases and one with many, on one database, side by side behind gunicorn."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import NamedTuple

from infra.processes import ROOT
from tests.bench import office
from tests.bench.rig import Rig, plain
from tests.bench.serving import Server
from tests.bench.visitor import Visitor

SEED = "7"
FILL_WITHIN = 420.0
CLIENTS = 4  # as many as it takes to meet both workers


class Office(NamedTuple):
    """One size: its settings, the server, and people of the office who are signed in."""

    settings: dict[str, str]
    server: Server
    visitors: list[Visitor]


@contextlib.contextmanager
def offices(rig: Rig, kind: str) -> Iterator[tuple[Office, Office]]:
    """The large one, then the small one; `kind` is postgresql or sqlite."""
    make = rig.on_postgresql if kind == "postgresql" else rig.on_sqlite
    large, small = make(f"{kind}_many"), make(f"{kind}_few")
    _fill({rig.size.many: large, rig.size.few: small})
    also = (rig.database.pid,) if kind == "postgresql" else ()
    if also:
        for settings in (large, small):
            settle(settings, "review")
    with rig.ours("review", large) as many, rig.ours("review", small) as few:
        yield (
            _office(rig, large, many._replace(also=also)),
            _office(rig, small, few._replace(also=also)),
        )


def _office(rig: Rig, settings: dict[str, str], server: Server) -> Office:
    cookie = office.pass_of(rig.made(settings)["review"])
    return Office(settings, server, [Visitor(server.url, cookie) for _ in range(CLIENTS)])


def _fill(wanted: dict[int, dict[str, str]]) -> None:
    """Both at once: each is one process."""
    command = [sys.executable, "-m", "infra.crowd", "--seed", SEED, "--cases"]
    running = [
        subprocess.Popen(
            [*command, str(count)],
            cwd=ROOT,
            env={**os.environ, **settings, "PYTHONPATH": str(ROOT), "OVERTURE_LOG_LEVEL": "ERROR"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for count, settings in wanted.items()
    ]
    for one in running:
        said, _ = one.communicate(timeout=FILL_WITHIN)
        if one.returncode:
            raise RuntimeError(f"the cases could not be made:\n{said[-2000:]}")


def settle(settings: dict[str, str], service: str) -> None:
    """What the autovacuum of PostgreSQL does within minutes of such a load."""
    with plain(settings["OVERTURE_DATABASE_URL"].replace("{service}", service)) as link:
        link.execute("VACUUM ANALYZE")
