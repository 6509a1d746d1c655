"""Every setting, once: name, default and meaning; `OVERTURE_X` for the suite, `INTAKE_X` for one
service.

`{service}` in a value stands for the service's name, so that two settings move the whole suite to
PostgreSQL and RabbitMQ.
"""

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Flask


class Setting(NamedTuple):
    default: str
    meaning: str


SETTINGS: dict[str, Setting] = {
    "DATABASE_URL": Setting(
        "sqlite:///var/{service}.db",
        "One database a service: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/{service}",
    ),
    "BROKER_URL": Setting(
        "sqlite:///var/broker.db",
        "The message queue: sqlite:///FILE (embedded) or amqp://USER:PASSWORD@HOST/VHOST",
    ),
    "RUN_DIR": Setting("var/run", "Folder for the lock files of workers; local disk only"),
    "INTAKE_URL": Setting(
        "http://127.0.0.1:8000", "Where people reach intake; stands in links of mails"
    ),
    "REVIEW_URL": Setting(
        "http://127.0.0.1:8001", "Where the office reaches review; stands in links of mails"
    ),
    "API_TOKEN": Setting(
        "", "Bearer token for the JSON views of review; without one they answer nobody"
    ),
    "SECRET_KEY": Setting(
        "", "Signs the cookies of intake and review; may be left out on loopback only"
    ),
    "SENDS_PER_HOUR": Setting("60", "Proposals that one address on the network may send an hour"),
    "MAILS_PER_HOUR": Setting("4", "Mails that strangers may cause an hour to one mailbox"),
    "POSTS_TOGETHER": Setting(
        "600", "Seconds for which a mail about a message waits for what else is written"
    ),
    "SEND_AFTER": Setting("3", "Seconds that filling in a form takes a person at the very least"),
    "TRUSTED_HOSTS": Setting(
        "127.0.0.1,localhost", "Host names that a request may name, comma separated"
    ),
    "PROXIES": Setting(
        "0",
        "Proxies of yours before the web processes: that many entries of X-Forwarded-For count",
    ),
    "MAX_BODY": Setting("262144", "Largest request body in bytes"),
    "SMTP_URL": Setting(
        "smtp://127.0.0.1:8026",
        "The mail server: smtp://HOST:PORT on loopback, smtp://USER:PASSWORD@HOST:587 with "
        "STARTTLS",
    ),
    "MAIL_FROM": Setting("no-reply@lakeside.example", "Sender address of every mail"),
    "MAIL_ONLY_TO": Setting(
        "", "Trial mode: domains to which mail may go, comma separated; empty: to everybody"
    ),
    "MAIL_STOPPED": Setting("", "Anything here stops all mail; what waits goes out afterwards"),
    "BOUNCE_TO": Setting(
        "", "Mailbox for delivery reports, which takes NAME+TAG@HOST too; empty: that of MAIL_FROM"
    ),
    "IMAP_URL": Setting(
        "", "Where that mailbox is read: imaps://USER:PASSWORD@HOST/FOLDER; empty: by a pipe"
    ),
    "MAIL_CONNECTIONS": Setting(
        "32", "Most connections of one sender to the mail server; it takes fewer by itself"
    ),
    "MAIL_PER_HOST": Setting(
        "",
        "Most mails that go to one domain, such as 20/s or 300/m; empty: as many as there are",
    ),
    "ARCHIVE_TO": Setting(
        "", "Mailbox that gets a copy of every decision letter, as a witness; empty: none"
    ),
    "ARCHIVE_IMAP_URL": Setting(
        "", "Where it is searched for letters in doubt: imaps://USER:PASSWORD@HOST/FOLDER"
    ),
    "ARCHIVE_WAIT": Setting("30", "Minutes in which a copy comes to the archive at the latest"),
    "MAIL_KEY_HEADER": Setting(
        "",
        "Header by whose value the mail server drops a second copy, such as "
        "Resend-Idempotency-Key; empty: it has none",
    ),
    "SMTP_TIMEOUT": Setting(
        "300", "Longest wait in seconds for any other word of the mail server (RFC 5321)"
    ),
    "SMTP_CA_FILE": Setting(
        "", "Certificates that the mail server's must come from; empty: those of the system"
    ),
    "DOT_TIMEOUT": Setting(
        "600", "Seconds to wait for the mail server's word after the final dot (RFC 5321)"
    ),
    "RESEND_AFTER": Setting(
        "600", "Seconds after which a mail in doubt is sent again, where its kind allows it"
    ),
    "MAIL_RETRY": Setting(
        "60,300,900,1800,3600,7200,14400",
        "Seconds between tries of a mail that was put off; the last repeats, 72 hours at most",
    ),
    "MAIL_BACKOFF": Setting(
        "60", "Longest pause in seconds while the mail server refuses or hangs"
    ),
    "TELL_EVERY": Setting(
        "10", "Seconds between two looks of a service at itself, for the administrators' page"
    ),
    "ALARM_AFTER": Setting(
        "60", "Minutes that something may wait, hang or be silent before administrators are mailed"
    ),
    "KEEP_DAYS": Setting(
        "35",
        "Days that handled events and published events are kept: how long duplicates are known",
    ),
    "LOG_LEVEL": Setting("INFO", "Least severe log line that is written"),
}


def trial_domains(said: str) -> frozenset[str]:
    """The domains of MAIL_ONLY_TO."""
    return frozenset(name.strip().casefold() for name in said.split(",") if name.strip())


def load(app: Flask, given: Mapping[str, Any] | None = None) -> None:
    """Fill `app.config`: defaults, then OVERTURE_*, then <SERVICE>_*, then what the caller
    gives.
    """
    service = app.import_name.rsplit(".", 1)[-1]
    app.config["SERVICE"] = service
    for name, setting in SETTINGS.items():
        value = os.environ.get(f"OVERTURE_{name}", setting.default)
        value = os.environ.get(f"{service.upper()}_{name}", value)
        app.config[name] = value
    app.config.update(given or {})
    for name in ("DATABASE_URL", "BROKER_URL"):
        app.config[name] = app.config[name].replace("{service}", service)
    app.config["MAX_CONTENT_LENGTH"] = int(app.config["MAX_BODY"])
    hosts = [host.strip() for host in app.config["TRUSTED_HOSTS"].split(",") if host.strip()]
    app.config["TRUSTED_HOSTS"] = hosts
