"""All settings: name, default and meaning.

`OVERTURE_X` sets X for the suite, `INTAKE_X` for one service. `{service}` in a value becomes the
name of the service, so two settings move the whole suite to PostgreSQL and RabbitMQ.
"""

import os
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Flask


class Setting(NamedTuple):
    default: str
    meaning: str


SETTINGS: dict[str, Setting] = {
    "DATABASE_URL": Setting(
        "sqlite:///var/{service}.db",
        "One database per service: sqlite:///FILE or "
        "postgresql://USER:PASSWORD@HOST/{service}?sslmode=verify-full",
    ),
    "BROKER_URL": Setting(
        "sqlite:///var/broker.db",
        "The message queue: sqlite:///FILE (embedded) or amqps://USER:PASSWORD@HOST/VHOST",
    ),
    "RUN_DIR": Setting("var/run", "Folder for the lock files of workers; local disk only"),
    "INTAKE_URL": Setting("http://127.0.0.1:8000", "Public address of intake; mails link to it"),
    "REVIEW_URL": Setting(
        "http://127.0.0.1:8001", "Address of review for the office; mails link to it"
    ),
    "API_TOKEN": Setting(
        "", "Bearer token for the JSON views of review; empty: they refuse every request"
    ),
    "SECRET_KEY": Setting(
        "",
        "Signs the cookies of intake and review, 32 characters or more; required except on "
        "loopback",
    ),
    "SENDS_PER_HOUR": Setting("60", "Proposals per hour that one network address may submit"),
    "MAILS_PER_HOUR": Setting("4", "Mails per hour to one mailbox that visitors may request"),
    "LINKS_PER_HOUR": Setting(
        "20", "Links to drafts per hour that one network address may have mailed"
    ),
    "VISITOR_MAILS_PER_HOUR": Setting(
        "600", "Mails per hour that all visitors together may cause; then administrators get a mail"
    ),
    "DRAFTS_PER_HOUR": Setting("120", "Drafts per hour that one network address may begin"),
    "MESSAGES_PER_HOUR": Setting("30", "Messages per hour that a proposer may send about one idea"),
    "POSTS_TOGETHER": Setting(
        "600", "Seconds that a mail to the office about a message waits for further messages"
    ),
    "SEND_DELAY": Setting(
        "600", "Seconds until what the office sends leaves; until then it can be undone"
    ),
    "SEND_AFTER": Setting("3", "Shortest time in seconds in which a person can fill in a form"),
    "TRUSTED_HOSTS": Setting(
        "127.0.0.1,localhost", "Accepted values of the Host header, comma separated"
    ),
    "PROXIES": Setting(
        "0",
        "Your proxies in front of the web processes: entries of X-Forwarded-For to trust",
    ),
    "MAX_BODY": Setting("262144", "Largest request body in bytes"),
    "SMTP_URL": Setting(
        "smtp://127.0.0.1:8026",
        "The mail server: smtp://HOST:PORT on loopback, smtp://USER:PASSWORD@HOST:587 with "
        "STARTTLS",
    ),
    "MAIL_FROM": Setting(
        "ideas@lakeside.example", "Sender address of every mail; people answer it, so no no-reply"
    ),
    "MAIL_ONLY_TO": Setting(
        "", "Trial mode: domains that may get mail, comma separated; empty: all domains"
    ),
    "MAIL_STOPPED": Setting(
        "", "Any value stops all mail; queued mail goes out once it is empty again"
    ),
    "BOUNCE_TO": Setting(
        "",
        "Mailbox for bounces, must accept NAME+TAG@HOST too, NAME up to 29 characters; empty: "
        "that of MAIL_FROM",
    ),
    "IMAP_URL": Setting(
        "", "IMAP address of that mailbox: imaps://USER:PASSWORD@HOST/FOLDER; empty: by a pipe"
    ),
    "MAIL_CONNECTIONS": Setting(
        "32", "Most connections of one sender to the mail server; it uses fewer if refused"
    ),
    "MAIL_PER_HOST": Setting(
        "",
        "Most mails to one domain, such as 20/s or 300/m; empty: no limit",
    ),
    "ARCHIVE_TO": Setting(
        "", "Mailbox that gets a copy of every decision letter as proof; empty: none"
    ),
    "ARCHIVE_IMAP_URL": Setting(
        "", "Its IMAP address, to look up unconfirmed letters: imaps://USER:PASSWORD@HOST/FOLDER"
    ),
    "ARCHIVE_WAIT": Setting("30", "Most minutes until a copy arrives in the archive"),
    "MAIL_KEY_HEADER": Setting(
        "",
        "Header that lets the mail server drop a duplicate, such as "
        "Resend-Idempotency-Key; empty: none",
    ),
    "SMTP_TIMEOUT": Setting(
        "300", "Longest wait in seconds for any other reply of the mail server (RFC 5321)"
    ),
    "SMTP_CA_FILE": Setting(
        "", "CA certificates to verify the mail server with; empty: those of the system"
    ),
    "DOT_TIMEOUT": Setting(
        "600", "Seconds to wait for the mail server's reply after the final dot (RFC 5321)"
    ),
    "RESEND_AFTER": Setting(
        "600", "Seconds after which an unconfirmed mail is sent again, if its kind allows it"
    ),
    "MAIL_RETRY": Setting(
        "60,300,900,1800,3600,7200,14400",
        "Seconds between attempts of a deferred mail; the last repeats, 72 hours at most",
    ),
    "MAIL_BACKOFF": Setting(
        "60", "Longest pause in seconds while the mail server refuses or hangs"
    ),
    "TELL_EVERY": Setting(
        "10", "Seconds between two status checks of a service, for the administrators' page"
    ),
    "ALARM_AFTER": Setting(
        "60", "Minutes of delay, hang or silence before administrators get a mail"
    ),
    "KEEP_DAYS": Setting(
        "35",
        "Days to keep handled and published events; duplicates are recognized that long",
    ),
    "LOG_LEVEL": Setting("INFO", "Least severe level of log lines to write"),
}


def trial_domains(value: str) -> frozenset[str]:
    """The domains of MAIL_ONLY_TO."""
    return frozenset(name.strip().casefold() for name in value.split(",") if name.strip())


def is_set(name: str, service: str) -> bool:
    """Whether the environment sets it, for the suite or for this service."""
    return any(f"{prefix}_{name}" in os.environ for prefix in ("OVERTURE", service.upper()))


def as_set(text: str, service: str) -> str:
    """The text with each setting under the name that was set: NOTIFY_X where that overrides."""

    def named(found: re.Match[str]) -> str:
        own = f"{service.upper()}_{found[1]}"
        return own if own in os.environ else found[0]

    return re.sub(r"\bOVERTURE_([A-Z_]+)", named, text)


def load(app: Flask, overrides: Mapping[str, Any] | None = None) -> None:
    """Fill `app.config` from defaults, OVERTURE_*, <SERVICE>_* and `overrides`; the last wins."""
    service = app.import_name.rsplit(".", 1)[-1]
    app.config["SERVICE"] = service
    for name, setting in SETTINGS.items():
        value = os.environ.get(f"OVERTURE_{name}", setting.default)
        value = os.environ.get(f"{service.upper()}_{name}", value)
        app.config[name] = value
    app.config.update(overrides or {})
    for name in ("DATABASE_URL", "BROKER_URL"):
        app.config[name] = app.config[name].replace("{service}", service)
    hosts = [host.strip() for host in app.config["TRUSTED_HOSTS"].split(",") if host.strip()]
    app.config["TRUSTED_HOSTS"] = hosts
