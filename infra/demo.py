"""`make demo`: run the three services, a mailbox, and an office with sample cases until Ctrl-C.

Each profile has its own folder, so trying another profile keeps the data of the first. DEMO_FOLDER
sets another folder, DEMO_PORTS other ports (intake, review, notify, mailbox, its SMTP). Settings in
the environment take precedence over those of the demo.
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
from infra.secrets_file import PASSWORDS, load_or_create
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
READY_WITHIN = 90.0  # seconds; long enough for a busy machine
ARRIVED_WITHIN = 60.0
DEMO_LIMITS = {
    "OVERTURE_SENDS_PER_HOUR": "100000",
    "OVERTURE_MAILS_PER_HOUR": "100000",
    "OVERTURE_POSTS_TOGETHER": "5",
    "OVERTURE_SEND_DELAY": "60",
}


class Demo(NamedTuple):
    """One demo: its profile, its folder and its ports."""

    profile: str  # a folder under profiles/, or a path
    folder: Path
    ports: dict[str, int]

    @property
    def institution(self) -> str:
        """The name of the folder with its people and sample cases."""
        return Path(self.profile).name

    def url(self, name: str) -> str:
        return f"{HOST}:{self.ports[name]}"


def main() -> int:
    """Run the demo until Ctrl-C; return the exit code."""
    arguments = argparse.ArgumentParser(description="Overture on this machine, until Ctrl-C.")
    arguments.add_argument("--profile", default="example", help="a folder under profiles/")
    demo = _demo(arguments.parse_args().profile)
    busy = [str(port) for port in demo.ports.values() if not processes.is_free(port)]
    if busy:
        ports = f"Port {busy[0]} is" if len(busy) == 1 else f"Ports {', '.join(busy)} are"
        print(f"{ports} already in use; stop the program that uses it and try again.")
        return 1
    os.chdir(ROOT)
    people = sample_cases.people(demo.institution)
    secrets = load_or_create(demo.folder, emails=[member["email"] for member in people.values()])
    environment = _environment(demo, people) | {
        name: str(value) for name, value in secrets.items() if name != PASSWORDS
    }
    os.environ.update(environment)
    apps = _prepare(demo.profile)
    parts = processes.suite(demo.folder, ports={name: demo.ports[name] for name in SERVICES})
    running = Running([_mailbox(demo), *parts], environment)
    stopped = _stop_requested()
    try:
        for name in running.parts:
            running.start(name)
        if _fill(demo, apps, running, stopped):
            _print_addresses(demo, people, passwords=secrets[PASSWORDS])
            _watch(demo, running, stopped)
        elif not stopped():
            return 1
    finally:
        print("\nStopping...", flush=True)
        running.stop()
    print(f"Everything is stopped. The data stays in {_short(demo.folder)}/ for the next start.")
    return 0


def _demo(profile: str) -> Demo:
    name = Path(profile).name
    home = ROOT / "var" if name == "example" else ROOT / "var" / name
    folder = Path(os.environ.get("DEMO_FOLDER") or home).absolute()
    custom_ports = os.environ.get("DEMO_PORTS")
    if not custom_ports:
        return Demo(profile, folder, PORTS)
    ports = [int(port) for port in custom_ports.split(",")]
    return Demo(profile, folder, dict(zip(PORTS, ports, strict=True)))


def _environment(demo: Demo, people: dict[str, dict[str, str]]) -> dict[str, str]:
    """The settings of the demo; those already set in the environment win."""
    domain = next((member["email"].partition("@")[2] for member in people.values()), "localhost")
    defaults = DEMO_LIMITS | {
        "OVERTURE_DATABASE_URL": f"sqlite:///{demo.folder}/{{service}}.db",
        "OVERTURE_BROKER_URL": f"sqlite:///{demo.folder}/broker.db",
        "OVERTURE_RUN_DIR": str(demo.folder / "run"),
        "OVERTURE_INTAKE_URL": demo.url("intake"),
        "OVERTURE_REVIEW_URL": demo.url("review"),
        "OVERTURE_SMTP_URL": f"smtp://127.0.0.1:{demo.ports['smtp']}",
        "OVERTURE_MAIL_FROM": f"ideas@{domain}",
    }
    return {name: os.environ.get(name, value) for name, value in defaults.items()}


def _stop_requested() -> Callable[[], bool]:
    signals: list[int] = []

    def record(number: int, _: FrameType | None) -> None:
        signals.append(number)

    signal.signal(signal.SIGINT, record)
    signal.signal(signal.SIGTERM, record)
    return lambda: bool(signals)


def _prepare(profile: str) -> dict[str, Flask]:
    """Do what the commands flask db upgrade, profile import and topology apply do."""
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


def _fill(
    demo: Demo, apps: dict[str, Flask], running: Running, stopped: Callable[[], bool]
) -> bool:
    """Wait until all services are ready, then create the accounts and the sample cases."""
    waiting = {f"{demo.url(name)}/readyz" for name in SERVICES}
    waiting.add(f"{demo.url('mailbox')}/healthz")

    def ready() -> bool:
        running.restart_ended()
        waiting.difference_update([url for url in waiting if processes.answers(url)])
        return not waiting

    if not _wait(ready, READY_WITHIN, stopped):
        if not stopped():
            log = _short(demo.folder / "log")
            print(f"Not ready in time: {', '.join(sorted(waiting))}; see the logs in {log}/.")
        return False
    passwords = load_or_create(demo.folder, emails=[])[PASSWORDS]
    filling.create_accounts(demo.institution, apps, passwords=passwords)
    sent = filling.send(demo.institution, apps, url=demo.url("intake"))

    def arrived() -> bool:
        running.restart_ended()
        return filling.arrived(sent, apps)

    if not _wait(arrived, ARRIVED_WITHIN, stopped) and not stopped():
        print("Some cases have not arrived in review yet; the next start continues with them.")
    filling.advance_cases(demo.institution, sent, apps)
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
        for name in running.restart_ended():
            print(f"{name} ended and will be restarted; see the logs in {log}/", flush=True)
        time.sleep(0.2)


def _print_addresses(
    demo: Demo, people: dict[str, dict[str, str]], *, passwords: dict[str, str]
) -> None:
    width = max((len(member["email"]) for member in people.values()), default=0)
    office = [
        f"    {member['role']:9} {member['email']:{width}}  {passwords[member['email']]}"
        for member in people.values()
    ]
    lines = [
        "",
        f"Overture is running with the profile {demo.institution}. Its files are in "
        f"{_short(demo.folder)}/.",
        "",
        f"  {demo.url('intake')}/   submit an idea",
        f"  {demo.url('review')}/   the office; sign in as:",
        *office,
        f"  {demo.url('mailbox')}/   all mail that was sent",
        "",
        f"The passwords are in {_short(demo.folder)}/secrets.json, which only you can read.",
        f"The API is at {demo.url('intake')}/api/v1/proposals; see README.md.",
        "Ctrl-C stops everything.",
    ]
    print("\n".join(lines), flush=True)


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


if __name__ == "__main__":
    sys.exit(main())
