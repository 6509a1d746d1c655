"""`flask check` tries what the settings name; nothing that fails there prints a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from shared.settings.handshakes import unknown
from tests.apps import on_sqlite
from tests.notify.mailing import notify
from tests.servers import Missing, dovecot, postfix
from tests.smtp_sink import sink
from tests.trouble.lost_data.running import Intake, new_installation, started

ROOT = Path(__file__).parents[3]
BOUNCES = "microcredential-bounces@lakeside.example"


@pytest.fixture
def broker(tmp_path: Path) -> dict[str, str]:
    return {"BROKER_URL": f"sqlite:///{tmp_path}/broker.db"}


def check(app: Flask) -> tuple[int, list[str]]:
    ran = app.test_cli_runner().invoke(args=["check"])
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return ran.exit_code, ran.output.splitlines()


def test_each_part_is_tried_and_named(make, broker):
    with sink() as server:
        app = make(server, **broker)
        code, before = check(app)
        assert app.test_cli_runner().invoke(args=["topology", "apply"]).exit_code == 0
        code_after, after = check(app)
    assert (code, code_after) == (1, 0), after
    assert [line for line in before if not line.endswith(": ok")] == [before[3]]
    assert before[3].startswith("notify: broker: ") and "issing" in before[3]
    assert after == [
        "notify: names of settings: ok",
        "notify: database: ok",
        "notify: profile: ok",
        "notify: broker: ok",
        "notify: folder of locks: ok",
        "notify: sender: ok",
        "notify: mail server 127.0.0.1: ok",
    ]
    assert server.accepted == []


@pytest.mark.parametrize(
    ("stage", "reply", "said"),
    [
        ("connect", b"554 go away\r\n", "go away"),
        ("auth", b"535 5.7.8 wrong password\r\n", "wrong password"),
        ("mail", b"553 5.7.1 Sender address rejected\r\n", "it refuses our sender"),
    ],
)
def test_a_mail_server_that_refuses_us_is_found_before_the_first_mail(
    make, broker, stage, reply, said
):
    with sink([(stage, reply)]) as server:
        url = server.url.replace("//", "//user:hunter2@")
        app = make(server, **broker)
        app.config["SMTP_URL"] = url
        code, lines = check(app)
    assert code == 1
    assert "hunter2" not in "".join(lines)
    assert said in lines[-1] and lines[-1].startswith("notify: mail server 127.0.0.1: ")


@on_sqlite
def test_a_mailbox_and_a_server_that_are_away_are_named(database: str, tmp_path: Path, broker):
    app = notify(
        database,
        tmp_path,
        SMTP_URL="smtp://127.0.0.1:1",
        IMAP_URL="imap://u:p@127.0.0.1:1/INBOX",
        **broker,
    )
    code, lines = check(app)
    assert code == 1
    assert [line.rpartition(": ")[0] for line in lines[-2:]] == [
        "notify: mail server 127.0.0.1",
        "notify: mailbox for reports",
    ]
    assert all("refused" in line for line in lines[-2:])


def test_a_misspelled_setting_is_named():
    environment = {
        "OVERTURE_BOUNCETO": "x",
        "OVERTURE_BOUNCE_TO": "x",
        "OVERTURE_TEST_AMQP_URL": "x",
        "NOTIFY_SOCKET": "x",
        "NOTIFY_SMTP_URL": "x",
        "NOTIFY_SMPT_URL": "x",
        "REVIEW_REVIEW_URL": "x",
        "REVIEW_FOO": "x",
        "INTAKE_URL": "x",
    }
    assert unknown(environment) == [
        "INTAKE_URL",
        "NOTIFY_SMPT_URL",
        "OVERTURE_BOUNCETO",
        "REVIEW_FOO",
    ]


def test_processes_say_once_that_a_setting_is_misspelled_and_not_its_value(
    migrated_files: Path, tmp_path: Path
):
    data = new_installation(migrated_files, tmp_path / "data")
    with started(Intake(data, data / "log", INTAKE_SMPT_URL="hunter2")) as service:
        logs = [log.read_text() for log in service.logs]
    for log in logs:
        assert [
            json.loads(line)["names"] for line in log.splitlines() if "no such set" in line
        ] == [["INTAKE_SMPT_URL"]]
        assert "hunter2" not in log


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "command",
    [
        ["flask", "--app", "services.notify", "worker"],
        ["flask", "--app", "services.notify", "check"],
        ["gunicorn", "-c", "infra/gunicorn.conf.py", "-b", "127.0.0.1:0"]
        + ["services.notify:create_app()"],
    ],
    ids=["worker", "check", "web process"],
)
@pytest.mark.parametrize("database", ["sqlite:///{service}.db", "postgresql:///{service}"])
def test_a_process_with_a_bad_setting_ends_with_its_sentence_and_no_traceback(
    command: list[str], database: str
):
    ran = run(*command, OVERTURE_BOUNCE_TO="b" * 40 + "@x.edu", OVERTURE_DATABASE_URL=database)
    assert ran.returncode not in (0, None)
    said = ran.stdout + ran.stderr
    assert said.count("OVERTURE_BOUNCE_TO may have at most 29 characters before the @") == 1
    assert "Traceback" not in said


@pytest.mark.parametrize("command", ["add", "invite"])
def test_an_office_that_does_not_exist_is_refused(apps: dict[str, Flask], command: str):
    words = ["staff", command, "ada@example.edu", "--name", "Ada Okafor", "--role", "lead"]
    words += ["--generate"] if command == "add" else []
    runner = apps["review"].test_cli_runner()
    ran = runner.invoke(args=[*words, "--office", "nowhere"])
    assert ran.exit_code == 1 and isinstance(ran.exception, SystemExit)
    assert "There is no office nowhere" in ran.output and "main, regional" in ran.output
    assert runner.invoke(args=[*words, "--office", "main"]).exit_code == 0


def test_a_test_mail_goes_out_at_once_and_says_what_the_server_answered(make):
    with sink() as server:
        app = make(server, BOUNCE_TO=BOUNCES)
        ran = app.test_cli_runner().invoke(args=["mail", "test", "ada@example.edu"])
        (mail,) = server.accepted
    assert ran.exit_code == 0 and "accepted it: " in ran.output
    assert mail.recipient == "ada@example.edu"
    assert mail.sender.startswith("microcredential-bounces+")
    assert b"Subject: Test mail of Overture" in mail.body


@pytest.mark.parametrize(
    ("address", "settings", "said"),
    [
        ("ada", {}, "not one plain mailbox address"),
        ("ada@elsewhere.edu", {"MAIL_ONLY_TO": "example.edu"}, "example.edu only"),
    ],
)
def test_a_test_mail_that_cannot_go_says_why(make, address, settings, said):
    with sink() as server:
        ran = make(server, **settings).test_cli_runner().invoke(args=["mail", "test", address])
        assert server.accepted == []
    assert ran.exit_code == 1 and said in ran.output


def test_a_test_mail_that_is_refused_repeats_the_reply(make):
    with sink([("rcpt", b"554 5.7.1 Relay access denied\r\n")]) as server:
        ran = make(server).test_cli_runner().invoke(args=["mail", "test", "ada@example.edu"])
    assert ran.exit_code == 1 and "Relay access denied" in ran.output


@pytest.mark.servers
@on_sqlite
def test_real_servers_pass_and_a_wrong_password_is_found(database: str, tmp_path: Path, broker):
    with sink() as theirs:
        try:
            with postfix(next_port=theirs.port) as server, dovecot() as mailbox:
                right = {"SMTP_URL": server.url, "IMAP_URL": mailbox.url, **broker}
                _, good = check(notify(database, tmp_path, **right))
                wrong = right | {"IMAP_URL": mailbox.url.replace("a-password", "not-a-password")}
                _, bad = check(notify(database, tmp_path, **wrong))
        except Missing as missing:
            pytest.skip(str(missing))
    assert good[-2:] == ["notify: mail server 127.0.0.1: ok", "notify: mailbox for reports: ok"]
    assert bad[-2].endswith("ok") and "uthentication failed" in bad[-1]
