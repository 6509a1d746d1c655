"""An office with few cases and one with many, on both databases, behind gunicorn."""

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
CLIENTS = 4  # enough to reach both workers


class Office(NamedTuple):
    """One size: its settings, its server and signed-in staff."""

    settings: dict[str, str]
    server: Server
    visitors: list[Visitor]


class Filled(NamedTuple):
    """The settings of a large and of a small office on one kind of database."""

    kind: str
    large: dict[str, str]
    small: dict[str, str]


def filled(rig: Rig) -> list[Filled]:
    """Both sizes on PostgreSQL and SQLite, made in parallel, one process each."""
    made = [
        Filled(kind, make(f"{kind}_many"), make(f"{kind}_few"))
        for kind, make in (("postgresql", rig.on_postgresql), ("sqlite", rig.on_sqlite))
    ]
    wanted = [(rig.size.many, crowd.large) for crowd in made]
    _fill(wanted + [(rig.size.few, crowd.small) for crowd in made])
    for settings in made[0][1:]:
        settle(settings, "review")
    return made


@contextlib.contextmanager
def offices(rig: Rig, made: Filled) -> Iterator[tuple[Office, Office]]:
    """The large one, then the small one, each behind gunicorn."""
    large, small = made.large, made.small
    also = (rig.database.pid,) if made.kind == "postgresql" else ()
    with rig.ours("review", large) as many, rig.ours("review", small) as few:
        yield (
            _office(rig, large, many._replace(also=also)),
            _office(rig, small, few._replace(also=also)),
        )


def _office(rig: Rig, settings: dict[str, str], server: Server) -> Office:
    cookie = office.pass_of(rig.made(settings)["review"])
    return Office(settings, server, [Visitor(server.url, cookie) for _ in range(CLIENTS)])


def _fill(wanted: list[tuple[int, dict[str, str]]]) -> None:
    command = [
        sys.executable,
        "-m",
        "infra.tools.load_data",
        "--review-only",
        "--seed",
        SEED,
        "--cases",
    ]
    running = [
        subprocess.Popen(
            [*command, str(count)],
            cwd=ROOT,
            env={**os.environ, **settings, "PYTHONPATH": str(ROOT), "OVERTURE_LOG_LEVEL": "ERROR"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for count, settings in wanted
    ]
    for one in running:
        said, _ = one.communicate(timeout=FILL_WITHIN)
        if one.returncode:
            raise RuntimeError(f"the cases could not be made:\n{said[-2000:]}")


def settle(settings: dict[str, str], service: str) -> None:
    """Run VACUUM ANALYZE, as autovacuum would within minutes."""
    with plain(settings["OVERTURE_DATABASE_URL"].replace("{service}", service)) as link:
        link.execute("VACUUM ANALYZE")
