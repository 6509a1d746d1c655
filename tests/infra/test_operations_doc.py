"""Every command in docs/operations.md runs, in the order of the page."""

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask

from infra.processes import ROOT
from tests import apps
from tests.apps import CREATE
from tests.infra.deployment import Deployment, Failed, settings_of
from tests.infra.office_data import words_for
from tests.infra.operations_page import (
    PAGE,
    Step,
    halves,
    steps,
    unknown_settings,
)
from tests.servers import postgresql, rabbitmq
from tests.servers.programs import find, free_ports
from tests.smtp_sink import sink

MODES = ["embedded", pytest.param("servers", marks=pytest.mark.servers)]
NOT_RUN = ["[Unit]\nDescription=Overture: worker of %i"]  # the beginnings of what nothing here runs
NOTHING_DONE = re.compile(r"\b0 of [1-9]")
SECRET = "a secret of this test run, as long as one should be"


class Office(NamedTuple):
    """A deployment that follows the page, and the same databases as the test sees them."""

    mode: str
    page: list[Step]
    place: Deployment
    apps: dict[str, Flask]

    def url(self, port: int) -> str:
        return "http://" + self.place.words[f"127.0.0.1:{port}"]

    def follow(self) -> int:
        """Do all that the page says; return how many commands that were. Raises Failed."""
        stays = "".join(step.text for step in self.page if "foreground" in step.marks)
        ran = 0
        for step in self.page:
            if step.language != "sh" or not step.is_for(self.mode) or "each" in step.marks:
                continue
            if "foreground" in step.marks:
                self.start(stays)
            elif "stopped" in step.marks:
                assert not self.place.stop(), "a process had ended by itself"
                for app in self.apps.values():
                    apps.close(app)  # we hold its files open too
                ran += self.type(step)
                self.start(stays)
            else:
                ran += self.type(step)
        return ran

    def start(self, lines: str) -> None:
        self.place.start(lines)
        self.place.wait_until_ready(*(f"{self.url(port)}/readyz" for port in (8000, 8001, 8002)))

    def type(self, step: Step) -> int:
        """Run a block as it stands, once for each service that it may be about."""
        services = [f"services.{name}" for name in CREATE]
        named = services if "services.NAME" in step.text else [""]
        for service in named:
            words = words_for(step.text, self.apps, intake=self.url(8000))
            try:
                said = self.place.run(step.text, words=words | {"services.NAME": service})
            except Failed as failed:
                raise Failed(f"line {step.line} of {PAGE.name}: {failed}") from None
            assert not NOTHING_DONE.search(said), f"line {step.line} of {PAGE.name}: {said}"
        return len(named)


@contextmanager
def office(folder: Path, mode: str, text: str) -> Iterator[Office]:
    """A checkout with the settings of this page and nothing done yet; all of it ends with us."""
    page = steps(text)
    with ExitStack() as stack:
        ports = free_ports(3)
        words = {f"127.0.0.1:{8000 + n}": f"127.0.0.1:{port}" for n, port in enumerate(ports)}
        mailbox = stack.enter_context(sink())
        words["smtp://USER:PASSWORD@smtp.example.edu:587"] = f"smtp://127.0.0.1:{mailbox.port}"
        words["SECRET\n"] = f"'{SECRET}'\n"
        first = "".join(step.text for step in page if "each" in step.marks)
        place = Deployment(folder, words=words, first=first)
        database = f"sqlite:///{folder}/srv/var/{{service}}.db"
        if mode == "servers":
            database = _servers(stack, place)
        (folder / "etc" / "env").write_text(place.filled(settings_of(page, mode=mode)))
        shutil.copytree(ROOT / "profiles" / "example", folder / "etc" / "profile")
        (folder / "copies" / "report.eml").write_text("Subject: hello\n\nno report\n")
        services = {service: apps.make(service, DATABASE_URL=database) for service in CREATE}
        for app in services.values():
            stack.callback(apps.close, app)
        stack.callback(place.stop)
        yield Office(mode, page, place, services)


def _servers(stack: ExitStack, place: Deployment) -> str:
    """Servers of its own, so that the page may make roles, users and databases there."""
    for name in ("mq", "pg"):
        (place.folder / name).mkdir()
    queue = stack.enter_context(rabbitmq(place.folder / "mq"))
    queue.ctl("delete_user", "overture")  # the tests' own; the page makes one of this name
    rabbitmqctl = place.programs / "rabbitmqctl"
    rabbitmqctl.write_text(queue.script("rabbitmqctl"))
    rabbitmqctl.chmod(0o755)
    server = stack.enter_context(postgresql(place.folder / "pg", fsync=False))
    host = server.url.partition("@")[2].partition("/")[0]
    place.words["postgres@db.example.edu"] = f"overture@{host}"
    place.words["db.example.edu"] = host
    place.words["?sslmode=verify-full"] = ""
    broker = queue.url.partition("@")[2].partition("/")[0]
    place.words["amqps://overture:PASSWORD@mq.example.edu"] = f"amqp://overture:PASSWORD@{broker}"
    return f"postgresql://overture@{host}/{{service}}"


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_following_the_page_runs_the_suite(mode: str, tmp_path: Path):
    find("sqlite3", "/usr/bin/sqlite3", package="sqlite3")
    find("curl", "/usr/bin/curl", package="curl")
    with office(tmp_path, mode, PAGE.read_text(encoding="utf-8")) as place:
        ran = place.follow()

        assert ran > 40
        assert not place.place.stop(), "a process had ended by itself"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "mistaken", "said"),
    [
        ("topology check", "topology chek", "No such command 'chek'"),
        ("profile check", "profile check --loud", "No such option"),
        ("OVERTURE_SECRET_KEY=SECRET\n", "", "OVERTURE_SECRET_KEY is missing"),
    ],
    ids=["a command misspelt", "an option that there is not", "a setting left out"],
)
def test_a_mistake_in_the_page_is_found(written: str, mistaken: str, said: str, tmp_path: Path):
    text = PAGE.read_text(encoding="utf-8")
    assert written in text
    mistaken = text.replace(written, mistaken)
    with office(tmp_path, "embedded", mistaken) as place, pytest.raises(Failed, match=said):
        place.follow()


def test_a_setting_misspelt_and_a_command_cut_short_are_found():
    assert unknown_settings("Set `OVERTURE_KEEP_DAY`.") == {"OVERTURE_KEEP_DAY"}
    assert unknown_settings("```ini\nOVERTUR_KEEP_DAYS=3\n```\n") == {"OVERTUR_KEEP_DAYS"}
    assert halves("Run `mail queue`.") == ["mail queue"]


@pytest.mark.parametrize("block", ["```\nls\n```\n", "```sh quietly\nls\n```\n"])
def test_a_block_that_would_be_passed_over_is_refused(block: str):
    with pytest.raises(ValueError, match="no such block"):
        steps(block)


def test_what_is_not_run_says_so_and_is_listed_here():
    text = PAGE.read_text(encoding="utf-8")
    left_out = [step for step in steps(text) if "untested" in step.marks]
    lines = text.splitlines()

    assert ["\n".join(step.text.splitlines()[:2]) for step in left_out] == NOT_RUN
    for step in left_out:
        before = "\n".join(lines[step.line - 5 : step.line])
        assert "**Not tested**" in before, f"line {step.line}"


def test_the_unit_starts_what_the_page_starts_by_hand():
    page = steps(PAGE.read_text(encoding="utf-8"))
    (unit,) = [step.text for step in page if "untested" in step.marks]
    (by_hand,) = [step.text for step in page if "foreground" in step.marks]
    (command,) = [line for line in unit.splitlines() if line.startswith("ExecStart=")]
    command = command.removeprefix("ExecStart=/srv/overture/.venv/bin/")

    for service in CREATE:
        assert command.replace("%i", service) in by_hand.splitlines()


def test_the_page_names_no_setting_that_there_is_not():
    assert unknown_settings(PAGE.read_text(encoding="utf-8")) == set()


def test_the_page_says_every_command_whole():
    assert halves(PAGE.read_text(encoding="utf-8")) == []


def test_no_line_of_the_page_is_longer_than_a_window():
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > 120] == []
