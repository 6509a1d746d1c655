"""Processes: their starting time, and their memory after work."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from infra.demo import PORTS
from infra.processes import ROOT
from shared import commands
from tests.bench import accounts, drafts, suites
from tests.bench.figures import Row, at_most, counted, figure_without_goal
from tests.bench.rig import Rig
from tests.bench.serving import Server, Visit, measure_round
from tests.bench.visitor import Visitor
from tests.factories import a_key, sample
from tests.servers.programs import free_ports

CLIENTS = 4
RUNS = "Ctrl-C stops everything."
DEMO_WITHIN = 120.0


def cold(rig: Rig) -> list[Row]:
    """The time from the start of gunicorn to its first answer."""
    ours, floor = [], []
    for _ in range(rig.size.rounds):  # file caches are warm from earlier acts
        with rig.ours("intake", rig.production) as server:
            ours.append(server.ready_after)
        with rig.floor() as server:
            floor.append(server.ready_after)
    return [at_most("cold start of a web process", ours, floor, 1.6, unit="s")]


def demo(rig: Rig) -> list[Row]:
    """The second `make demo`, until it is ready, with an existing environment."""
    ports = ",".join(map(str, free_ports(len(PORTS))))
    chosen = {"DEMO_FOLDER": str(rig.sub("demo")), "DEMO_PORTS": ports}
    clean = {key: value for key, value in os.environ.items() if not key.startswith("OVERTURE_")}
    first, second = (_until_it_runs(clean | chosen) for _ in range(2))
    return [
        figure_without_goal(
            "`make demo`, the second time", f"{second:.1f} s (the first {first:.1f} s)"
        )
    ]


def memory(rig: Rig) -> list[Row]:
    """A web worker after many mixed requests, compared with a bare Flask worker."""
    app = rig.apps["intake"]
    answers = drafts.forty()
    begun = drafts.begun(app, answers)
    cookies = [drafts.cookie(app, key=begun.key) for _ in range(CLIENTS)]
    pages = [f"{begun.address}/{step.id}" for step in drafts.pages(answers)]
    paths = ["/", "/start", *pages]
    with rig.ours("intake", rig.production) as ours, rig.floor() as floor:
        at_start = _largest(ours)
        sides = [
            (ours, [Visitor(ours.url, cookie) for cookie in cookies], _in_turn(paths)),
            (floor, [Visitor(floor.url) for _ in cookies], _in_turn(["/healthz"])),
        ]
        with ThreadPoolExecutor() as both:  # at the same time, as nothing is timed
            list(both.map(lambda side: measure_round(*side, times=rig.size.worn), sides))
        worn, bare = _largest(ours), _largest(floor)
    name = f"web worker RSS after {rig.size.worn:,} requests"
    row = at_most(name, [worn], [bare], 1.4, unit="MB")
    return [row._replace(reason=f"{at_start:.0f} MB at its start")]


def suite(rig: Rig) -> list[Row]:
    """All processes of the embedded suite after a few proposals."""
    settings, python = rig.on_sqlite("suite"), suites.python_of_operators(rig)
    with suites.sink(rig) as mails:
        with rig.made(settings)["intake"].app_context():
            commands.apply_topology()
        with suites.started(rig, settings, mails, python=python) as (url, running):
            body = json.dumps(sample(drafts.LARGEST)).encode()
            for _ in range(20):
                Visitor(url).send("/api/v1/proposals", body, key=a_key())
            suites.until(lambda: bool(mails.arrived()), "a first mail")
            parts = {
                name: accounts.proportional(one.pid) for name, one in running.processes.items()
            }
    row = counted("the whole embedded suite, PSS", sum(parts.values()), 400, unit="MB")
    return [row._replace(reason=", ".join(f"{name} {mb:.0f}" for name, mb in parts.items()))]


def _in_turn(paths: list[str]) -> Visit:
    count = 0

    def visit(visitor: Visitor) -> None:
        nonlocal count
        count += 1
        visitor.get(paths[count % len(paths)])

    return visit


def _largest(server: Server) -> float:
    return max(accounts.resident(pid) for pid in server.workers)


def _until_it_runs(environment: dict[str, str]) -> float:
    """Start the demo, wait for its last line and stop it; return the seconds."""
    began = time.monotonic()
    demo = subprocess.Popen(
        [sys.executable, "-u", "-m", "infra.demo"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    late = threading.Timer(DEMO_WITHIN, demo.kill)
    late.start()
    try:
        figures = []
        for line in demo.stdout:
            figures.append(line)
            if RUNS in line:
                return time.monotonic() - began
        raise RuntimeError("the demo did not start:\n" + "".join(figures[-20:]))
    finally:
        late.cancel()
        demo.send_signal(signal.SIGTERM)
        demo.communicate()
