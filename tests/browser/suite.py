"""The whole suite as real processes with a mailbox, in either mode, for a browser."""

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote
from urllib.request import urlopen

from flask import Flask

from infra import processes
from infra.processes import Part, Running
from services.review.models.people import ROLES
from services.review.staff import passwords, people
from shared import commands, db
from shared.migrations import chain
from tests import apps
from tests.apps import CREATE, TOKEN
from tests.servers import AMQP_URL, POSTGRES_URL
from tests.servers.programs import free_ports
from tests.servers.rabbitmq import WORKERS

MODES = ("embedded", "production")
PASSWORD = "walking on the far side"
READY_WITHIN = 90.0
ARRIVES_WITHIN = 60.0
NAMES = {
    "triage": "Tara Lindqvist",
    "assessor": "Amos Bell",
    "lead": "Lena Ortiz",
    "director": "Dana Whitfield",
    "auditor": "Aude Moreau",
    "admin": "Adil Rahman",
}


class Suite(NamedTuple):
    """The addresses of the suite. Its apps read the same databases but serve no requests."""

    mode: str
    intake: str
    review: str
    mailbox: str
    apps: dict[str, Flask]

    def mails(self, words: str = "") -> list[dict[str, Any]]:
        """The mails with these words, newest first: to, subject, text, html, headers."""
        with urlopen(f"{self.mailbox}/api/messages?q={quote(words)}", timeout=10) as answer:  # noqa: S310
            found: list[dict[str, Any]] = json.load(answer)
        return found

    def mail(self, *words: str) -> dict[str, Any]:
        """Wait for the newest mail with all of these in recipient, subject and text."""
        end = time.monotonic() + ARRIVES_WITHIN
        while time.monotonic() < end:
            for mail in self.mails(words[0]):
                whole = f"{mail['to']}\n{mail['subject']}\n{mail['text']}".casefold()
                if all(word.casefold() in whole for word in words):
                    return mail
            time.sleep(0.2)
        raise TimeoutError(
            f"no mail with {words}; there are {[m['subject'] for m in self.mails()]}"
        )


def email_of(role: str) -> str:
    """The account of this role. All accounts have the password PASSWORD."""
    return f"{role}@office.example"


@contextlib.contextmanager
def started(
    mode: str, folder: Path, *, profile: str = "example", **settings: str
) -> Iterator[Suite]:
    """The suite of this mode on empty databases with one account per role; it stops with the block.

    The production mode needs the servers of this test run and their two variables. `settings`
    replace the settings of tests.
    """
    with ExitStack() as stack:
        ports = dict(zip([*CREATE, "mailbox", "smtp"], free_ports(5), strict=True))
        environment = _environment(folder, ports)
        environment |= {f"OVERTURE_{name}": value for name, value in settings.items()}
        if mode == "production":
            environment |= _servers(stack)
        made = _prepared(environment, profile)
        for app in made.values():
            stack.callback(apps.close, app)
        web = processes.suite(folder, ports={service: ports[service] for service in CREATE})
        running = Running([_mailbox(folder, ports), *web], environment)
        stack.callback(running.stop)
        for name in running.parts:
            running.start(name)
        urls = {name: f"http://127.0.0.1:{ports[name]}" for name in ports}
        _wait(urls, running)
        yield Suite(mode, urls["intake"], urls["review"], urls["mailbox"], made)


def _environment(folder: Path, ports: dict[str, int]) -> dict[str, str]:
    settings = apps.GENEROUS | {
        "DATABASE_URL": f"sqlite:///{folder}/{{service}}.db",
        "BROKER_URL": f"sqlite:///{folder}/broker.db",
        "RUN_DIR": str(folder / "run"),
        "SMTP_URL": f"smtp://127.0.0.1:{ports['smtp']}",
        "INTAKE_URL": f"http://127.0.0.1:{ports['intake']}",
        "REVIEW_URL": f"http://127.0.0.1:{ports['review']}",
        "SECRET_KEY": "a secret of this test run, the same in every process",
        "API_TOKEN": TOKEN,
        "TELL_EVERY": "0.5",
        "POSTS_TOGETHER": "1",
    }
    return {f"OVERTURE_{name}": value for name, value in settings.items()}


def _servers(stack: ExitStack) -> dict[str, str]:
    """Databases of this suite, and the virtual host that broker tests do not use."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    host = str(WORKERS - 1 - number % (WORKERS // 2))
    return {
        "OVERTURE_DATABASE_URL": stack.enter_context(
            apps.three_databases(os.environ[POSTGRES_URL])
        ),
        "OVERTURE_BROKER_URL": os.environ[AMQP_URL].replace("{worker}", host),
    }


def _prepared(environment: dict[str, str], profile: str) -> dict[str, Flask]:
    config = {name.removeprefix("OVERTURE_"): value for name, value in environment.items()}
    made = {service: apps.make(service, **config) for service in CREATE}
    for app in made.values():
        with app.app_context():
            chain.upgrade()
            commands.import_profile(profile)
            commands.apply_topology()
    hashed = passwords.hash_password(PASSWORD)
    with made["review"].app_context(), db.begin() as session:
        for role in ROLES:
            member = people.add(session, name=NAMES[role], email=email_of(role), role=role)
            people.set_password(session, member, password_hash=hashed)
    return made


def _mailbox(folder: Path, ports: dict[str, int]) -> Part:
    command = [sys.executable, "-m", "infra.mailbox", "--file", str(folder / "mailbox.db")]
    listens = ["--smtp", str(ports["smtp"]), "--http", str(ports["mailbox"])]
    return Part("mailbox", [*command, *listens], folder / "log" / "mailbox.log")


def _wait(urls: dict[str, str], running: Running) -> None:
    waiting = {name: f"{urls[name]}/readyz" for name in CREATE}
    waiting["mailbox"] = f"{urls['mailbox']}/api/messages"
    end = time.monotonic() + READY_WITHIN
    while waiting and time.monotonic() < end:
        running.restart_ended()
        waiting = {name: url for name, url in waiting.items() if not processes.answers(url)}
        time.sleep(0.1)
    if waiting:
        raise TimeoutError(f"not ready: {', '.join(waiting)}")
