"""`make demo`: databases, queues, the three services, the mailbox, an office and its cases, until
Ctrl-C.

Each profile has a folder of its own, so that trying another one costs nothing that was sent. Two
variables choose another folder (DEMO_FOLDER) and other ports (DEMO_PORTS: intake, review, notify,
mailbox, its SMTP); what is set for the suite in the environment is kept.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from flask import Flask

from infra import processes
from infra.processes import ROOT, Part, Running
from infra.secrets_file import PASSWORDS, of_installation
from infra.tools import sample_cases
from infra.tools.sample_cases import filling
from services.intake import create_app as create_intake
from services.notify import create_app as create_notify
from services.review import create_app as create_review
from shared import commands
from shared.migrations import chain

PORTS = {"intake": 8000, "review": 8001, "notify": 8002, "mailbox": 8025, "smtp": 8026}
SERVICES = ("intake", "review", "notify")
HOST = "http://127.0.0.1"
READY_WITHIN = 90.0  # seconds, of a machine that does much else
ARRIVED_WITHIN = 60.0
GENEROUS = {
    "OVERTURE_SENDS_PER_HOUR": "100000",
    "OVERTURE_MAILS_PER_HOUR": "100000",
    "OVERTURE_POSTS_TOGETHER": "5",
}


class Demo(NamedTuple):
    """One demo: whose institution it plays, where its files are, on which ports it listens."""

    profile: str  # as --profile names it: a folder under profiles/, or a path
    folder: Path
    ports: dict[str, int]

    @property
    def institution(self) -> str:
        """The name under which its people and cases are found."""
        return Path(self.profile).name

    def url(self, name: str) -> str:
        return f"{HOST}:{self.ports[name]}"


def main() -> int:
    """Prepare, start, fill, watch; return the exit code."""
    arguments = argparse.ArgumentParser(description="Overture on this machine, until Ctrl-C.")
    arguments.add_argument("--profile", default="example", help="a folder under profiles/")
    demo = _demo(arguments.parse_args().profile)
    busy = [str(port) for port in demo.ports.values() if not processes.free(port)]
    if busy:
        taken = f"Port {busy[0]} is" if len(busy) == 1 else f"Ports {', '.join(busy)} are"
        print(f"{taken} taken on this machine; stop what uses it and try again.")
        return 1
    os.chdir(ROOT)
    people = sample_cases.people(demo.institution)
    kept = of_installation(demo.folder, people=[one["email"] for one in people.values()])
    environment = _environment(demo, people) | {
        name: str(value) for name, value in kept.items() if name != PASSWORDS
    }
    os.environ.update(environment)
    apps = _prepare(demo.profile)
    parts = processes.suite(demo.folder, ports={name: demo.ports[name] for name in SERVICES})
    running = Running([_mailbox(demo), *parts], environment)
    stopped = _until_told()
    try:
        for name in running.parts:
            running.start(name)
        if _filled(demo, apps, running, stopped):
            _say_where(demo, people, passwords=kept[PASSWORDS])
            _watch(demo, running, stopped)
        elif not stopped():
            return 1
    finally:
        print("\nStopping …", flush=True)
        running.stop()
    where = _short(demo.folder)
    print(f"Everything is stopped. What was sent is kept in {where}/ for the next time.")
    return 0


def _demo(profile: str) -> Demo:
    name = Path(profile).name
    home = ROOT / "var" if name == "example" else ROOT / "var" / name
    folder = Path(os.environ.get("DEMO_FOLDER") or home).absolute()
    chosen = os.environ.get("DEMO_PORTS")
    if not chosen:
        return Demo(profile, folder, PORTS)
    ports = [int(port) for port in chosen.split(",")]
    return Demo(profile, folder, dict(zip(PORTS, ports, strict=True)))


def _environment(demo: Demo, people: dict[str, dict[str, str]]) -> dict[str, str]:
    """What differs from the defaults of the settings; what somebody has set stays as it is."""
    domain = next((one["email"].partition("@")[2] for one in people.values()), "localhost")
    ours = GENEROUS | {
        "OVERTURE_DATABASE_URL": f"sqlite:///{demo.folder}/{{service}}.db",
        "OVERTURE_BROKER_URL": f"sqlite:///{demo.folder}/broker.db",
        "OVERTURE_RUN_DIR": str(demo.folder / "run"),
        "OVERTURE_INTAKE_URL": demo.url("intake"),
        "OVERTURE_REVIEW_URL": demo.url("review"),
        "OVERTURE_SMTP_URL": f"smtp://127.0.0.1:{demo.ports['smtp']}",
        "OVERTURE_MAIL_FROM": f"no-reply@{domain}",
    }
    return {name: os.environ.get(name, value) for name, value in ours.items()}


def _until_told() -> Callable[[], bool]:
    told: list[int] = []

    def tell(number: int, _: FrameType | None) -> None:
        told.append(number)

    signal.signal(signal.SIGINT, tell)
    signal.signal(signal.SIGTERM, tell)
    return lambda: bool(told)


def _prepare(profile: str) -> dict[str, Flask]:
    """What an operator does with commands: flask db upgrade, profile import, topology apply."""
    create = {"intake": create_intake, "review": create_review, "notify": create_notify}
    apps: dict[str, Flask] = {name: create[name]({"LOG_LEVEL": "WARNING"}) for name in SERVICES}
    for app in apps.values():
        with app.app_context():
            chain.upgrade()
            commands.import_profile(profile)
    with apps["intake"].app_context():
        commands.apply_topology()
    return apps


def _mailbox(demo: Demo) -> Part:
    command = [sys.executable, "-m", "infra.mailbox", "--file", str(demo.folder / "mailbox.db")]
    ports = ["--smtp", str(demo.ports["smtp"]), "--http", str(demo.ports["mailbox"])]
    return Part("mailbox", [*command, *ports], demo.folder / "log" / "mailbox.log")


def _filled(
    demo: Demo, apps: dict[str, Flask], running: Running, stopped: Callable[[], bool]
) -> bool:
    """Wait until everything is ready, let the office in, and bring its cases to where they are."""
    waiting = {f"{demo.url(name)}/readyz" for name in SERVICES}
    waiting.add(f"{demo.url('mailbox')}/api/messages")

    def ready() -> bool:
        running.tend()
        waiting.difference_update([url for url in waiting if processes.answers(url)])
        return not waiting

    if not _wait(ready, READY_WITHIN, stopped):
        if not stopped():
            log = _short(demo.folder / "log")
            print(f"Not ready in time: {', '.join(sorted(waiting))}; see the lines in {log}/.")
        return False
    passwords = of_installation(demo.folder, people=[])[PASSWORDS]
    filling.let_in(demo.institution, apps, words=passwords)
    sent = filling.send(demo.institution, apps, url=demo.url("intake"))

    def arrived() -> bool:
        running.tend()
        return filling.arrived(sent, apps)

    if not _wait(arrived, ARRIVED_WITHIN, stopped) and not stopped():
        print("Some are still on their way to the office; the next start goes on with them.")
    filling.bring_along(demo.institution, sent, apps)
    return not stopped()


def _wait(done: Callable[[], bool], seconds: float, stopped: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not stopped() and time.monotonic() < end:
        if done():
            return True
        time.sleep(0.1)
    return False


def _watch(demo: Demo, running: Running, stopped: Callable[[], bool]) -> None:
    log = _short(demo.folder / "log")
    while not stopped():
        for name in running.tend():
            print(f"{name} ended; starting it again (see {log})", flush=True)
        time.sleep(0.2)


def _say_where(demo: Demo, people: dict[str, dict[str, str]], *, passwords: dict[str, str]) -> None:
    wide = max((len(one["email"]) for one in people.values()), default=0)
    office = [
        f"    {one['role']:9} {one['email']:{wide}}  {passwords[one['email']]}"
        for one in people.values()
    ]
    lines = [
        "",
        f"Overture runs, with the profile {demo.institution}; its files are in "
        f"{_short(demo.folder)}/.",
        "",
        f"  {demo.url('intake')}/   somebody has an idea",
        f"  {demo.url('review')}/   the office; sign in as",
        *office,
        f"  {demo.url('mailbox')}/   every mail that was sent",
        "",
        f"The passwords are kept in {_short(demo.folder)}/secrets.json, for you alone.",
        f"Programs send to {demo.url('intake')}/api/v1/proposals: see README.md.",
        "Ctrl-C stops everything.",
    ]
    print("\n".join(lines), flush=True)


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


if __name__ == "__main__":
    sys.exit(main())
