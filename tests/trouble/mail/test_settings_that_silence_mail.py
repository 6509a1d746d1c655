"""A setting that would silence mail or events is refused at start, in one sentence."""

import uuid
from pathlib import Path

import pytest
from flask import Flask

from services.notify.composing.addresses import envelope_sender
from shared.settings import SETTINGS
from shared.settings.checks import BadSettings
from tests import apps
from tests.apps import on_sqlite
from tests.notify.mailing import mail_of, requested, sender, wait_for_state
from tests.smtp_sink import sink

PUBLIC = apps.PUBLIC | {
    "TRUSTED_HOSTS": "ideas.example.edu,office.example.edu,127.0.0.1",
    "API_TOKEN": "t" * 43,
    "SMTP_URL": "smtp://user:password@smtp.example.edu:587",
}
NAMED = "microcredential-bounces@lakeside.example"


def refused(service: str, **changes: str) -> str:
    """What an installation on the Internet says about these settings."""
    with pytest.raises(BadSettings) as raised:
        apps.make(service, **PUBLIC | changes)
    return str(raised.value)


def test_a_bounce_mailbox_with_a_long_name_gets_every_mail_out(make):
    with sink() as server:
        app = make(server, BOUNCE_TO=NAMED)
        mail_id = requested(app)
        with sender(app):
            wait_for_state(app, mail_id, "sent")
        (mail,) = server.accepted
    assert mail.sender == mail_of(app, mail_id).envelope_from
    local, _, host = mail.sender.partition("@")
    assert local.startswith("microcredential-bounces+") and len(local) <= 64
    assert host == "lakeside.example"


def test_two_mails_never_share_a_tag():
    tags = {envelope_sender(NAMED, uuid.uuid4()) for _ in range(1000)}
    assert len(tags) == 1000


def test_a_bounce_mailbox_whose_tag_cannot_fit_is_refused_at_start():
    said = refused("notify", BOUNCE_TO=f"{'b' * 30}@example.edu")
    assert said.startswith("OVERTURE_BOUNCE_TO")
    assert "29" in said and "\n" not in said
    apps.make("notify", **PUBLIC, BOUNCE_TO=f"{'b' * 29}@example.edu")


BAD = {
    "notify": {
        "BOUNCE_TO": ["bounces", "a@b@c.edu"],
        "MAIL_FROM": ["ideas", "ideas@lakeside.example"],
        "SMTP_URL": ["smtp.example.edu", "http://smtp.example.edu", "smtp://smtp.example.edu:x"],
        "SMTP_CA_FILE": ["/nowhere/ca.pem"],
        "MAIL_ONLY_TO": ["pat@example.edu", "example edu"],
        "MAIL_STOPPED": ["no", "0", "False"],
        "MAIL_PER_HOST": ["20", "many/s"],
        "MAIL_RETRY": ["soon", ""],
        "MAIL_CONNECTIONS": ["0", "many"],
        "MAIL_KEY_HEADER": ["Not a header", "Subject"],
        "IMAP_URL": ["imap://u:p@imap.example.edu/INBOX", "imaps://imap.example.edu", "imaps://"],
        "ARCHIVE_TO": ["archive"],
        "ARCHIVE_IMAP_URL": ["imaps://u:p@imap.example.edu"],
    },
    "intake": {
        "INTAKE_URL": [
            "https://ideas.example.edu/ideas",
            "http://ideas.example.edu",
            "ideas.example.edu",
            "https://",
        ],
        "SECRET_KEY": ["", "x", "k" * 31, "SECRET" * 8],
        "TRUSTED_HOSTS": ["office.example.edu,127.0.0.1", "", ","],
        "SENDS_PER_HOUR": ["many", "0"],
        "MAILS_PER_HOUR": ["0"],
        "MAX_BODY": ["-1", "1"],
        "SEND_AFTER": ["nan"],
    },
    "review": {
        "REVIEW_URL": ["http://office.example.edu", "https://user:x@office.example.edu"],
        "API_TOKEN": ["x"],
        "SECRET_KEY": ["x"],
        "DATABASE_URL": [
            "postgresql://review:hunter2@db.example.edu/review",
            "postgresql://review:hunter2@db.example.edu/review?sslmode=prefer",
            "mysql://review@db.example.edu/review",
            "nothing",
        ],
        "BROKER_URL": ["amqp://overture:hunter2@mq.example.edu/overture", "redis://mq.example.edu"],
        "LOG_LEVEL": ["loud"],
    },
}
CASES = [
    (service, name, value)
    for service in BAD
    for name in BAD[service]
    for value in BAD[service][name]
]


@pytest.mark.parametrize(("service", "name", "value"), CASES)
def test_a_bad_setting_is_refused_in_one_sentence_that_names_it(
    service: str, name: str, value: str
):
    said = refused(service, **{name: value})
    assert said.startswith(f"OVERTURE_{name} "), said
    assert said.endswith(".") and said.count("\n") == 0
    assert "hunter2" not in said, "a password is never shown"


@pytest.mark.parametrize("service", list(BAD))
def test_a_good_public_installation_starts(service: str, tmp_path: Path):
    good = {
        "DATABASE_URL": "postgresql://x:p@db.example.edu/x?sslmode=verify-full",
        "BROKER_URL": "amqps://overture:p@mq.example.edu/overture",
        "BOUNCE_TO": "bounces@example.edu",
        "IMAP_URL": "imaps://u:p@imap.example.edu/INBOX",
        "MAIL_STOPPED": "yes",
        "MAIL_ONLY_TO": "example.edu, Other.example.edu",
        "RUN_DIR": str(tmp_path),
    }
    apps.make(service, **PUBLIC | good)


def test_all_faults_are_said_at_once_a_line_each():
    said = refused("notify", BOUNCE_TO="x", SMTP_URL="x", MAIL_RETRY="x").splitlines()
    assert [line.split()[0] for line in said] == [
        "OVERTURE_SMTP_URL",
        "OVERTURE_MAIL_RETRY",
        "OVERTURE_BOUNCE_TO",
    ]


NUMBERS = [name for name, setting in SETTINGS.items() if setting.default.isdecimal()]
NONSENSE = ("-1", "nan", "inf", "1e400", "9" * 30, "", " ", "0x10", "١", "1_000")


@pytest.mark.parametrize("value", [*NONSENSE, "0"])
@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_out_of_sense_is_refused(name: str, value: str):
    if value == "0" and name in ("PROXIES", "SEND_AFTER", "POSTS_TOGETHER", "SEND_DELAY"):
        apps.make("notify", **PUBLIC | {name: value})
        return
    said = refused("notify", **{name: value})
    assert said.startswith(f"OVERTURE_{name} must be a ") and said.count("\n") == 0


@pytest.mark.parametrize("steps", ["0", "60,0", "60,-1", "60,nan", "9" * 30])
def test_attempts_without_a_pause_are_refused(steps: str):
    assert refused("notify", MAIL_RETRY=steps).startswith("OVERTURE_MAIL_RETRY must be seconds")


def notes(app: Flask) -> list[str]:
    """What `check` says beside the lines of its parts."""
    said = app.test_cli_runner().invoke(args=["check"]).output
    return [line.partition(": note: ")[2] for line in said.splitlines() if ": note: " in line]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"API_TOKEN": ""}, "OVERTURE_API_TOKEN is empty"),
        ({"TRUSTED_HOSTS": "ideas.example.edu,office.example.edu"}, "lacks 127.0.0.1"),
        ({"ARCHIVE_TO": "a@example.edu"}, "OVERTURE_ARCHIVE_IMAP_URL is empty"),
    ],
)
def test_check_says_what_is_allowed_but_seldom_meant(changes: dict[str, str], said: str):
    assert notes(apps.make("intake", **PUBLIC)) == []
    (note,) = notes(apps.make("intake", **PUBLIC | changes))
    assert said in note


@on_sqlite
def test_check_and_import_say_that_addresses_of_the_example_are_left(database: str):
    app = apps.start("review", DATABASE_URL=database, **PUBLIC)
    (note,) = notes(app)
    assert "end in .example" in note and "@lakeside.example" in note
    checked = app.test_cli_runner().invoke(args=["profile", "check"])
    assert checked.exit_code == 0 and "end in .example" in checked.output
    apps.close(app)


def test_a_folder_of_locks_that_cannot_be_made_fails_the_check(tmp_path: Path):
    (tmp_path / "file").touch()
    ran = (
        apps.make("intake", RUN_DIR=f"{tmp_path}/file/run").test_cli_runner().invoke(args=["check"])
    )
    (line,) = [line for line in ran.output.splitlines() if "folder of locks" in line]
    assert f"{tmp_path}/file/run of OVERTURE_RUN_DIR cannot be used" in line
