"""The settings of mail that are refused at start: each of them would stop mail without a word."""

import re
import ssl
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

from services.notify.composing import addresses
from services.notify.composing.addresses import TAGGED_MAX, BadAddress, checked_address
from services.notify.composing.rendering import header_name
from services.notify.inbound import imap
from services.notify.sending import domain_limits
from services.notify.smtp import server_from_url
from shared.settings import SETTINGS, trial_domains
from shared.settings.checks import Config, is_duration, is_public
from shared.settings.urls import Unreadable

NO_STOP = ("0", "no", "off", "false", "n")  # people mean the opposite of what they do

_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


def check_mail(config: Config) -> Iterator[str]:
    """A sentence for each setting with which no mail, or no report, would arrive."""
    yield from _fault("SMTP_URL", config, lambda url: server_from_url(url, hello="localhost"))
    yield from _fault("SMTP_CA_FILE", config, lambda file: ssl.create_default_context(cafile=file))
    yield from _fault("MAIL_KEY_HEADER", config, header_name)
    yield from _fault("MAIL_PER_HOST", config, domain_limits.spacing)
    for check in (_rhythm, _senders, _switches, _mailboxes):
        yield from check(config)


def _fault(name: str, config: Config, read: Callable[[str], Any]) -> Iterator[str]:
    """A sentence where this setting has a value that cannot be read."""
    try:
        if config[name]:
            read(config[name])
    except Unreadable as error:
        yield f"OVERTURE_{name} {error}"
    except (ValueError, OSError) as error:
        words = str(error).rstrip(".")
        yield f"OVERTURE_{name} cannot be used: {words}."


def _rhythm(config: Config) -> Iterator[str]:
    steps = config["MAIL_RETRY"].split(",")
    if not all(is_duration(step.strip()) for step in steps):
        yield "OVERTURE_MAIL_RETRY must be seconds above 0 with commas between, such as 60,300,900."


def _senders(config: Config) -> Iterator[str]:
    sender = config["MAIL_FROM"]
    if not _is_address(sender):
        yield "OVERTURE_MAIL_FROM must be one plain email address."
    elif is_public(config) and sender == SETTINGS["MAIL_FROM"].default:
        yield "OVERTURE_MAIL_FROM is missing: set it to a mailbox of yours that people can answer."
    if config["ARCHIVE_TO"] and not _is_address(config["ARCHIVE_TO"]):
        yield "OVERTURE_ARCHIVE_TO must be one plain email address."
    bounces = config["BOUNCE_TO"]
    if not bounces:
        return
    if not _is_address(bounces):
        yield "OVERTURE_BOUNCE_TO must be one plain email address."
    elif not _is_address(addresses.envelope_sender(bounces, uuid4())):
        yield (
            f"OVERTURE_BOUNCE_TO may have at most {TAGGED_MAX} characters before the @, because "
            "each mail adds a tag to it."
        )


def _is_address(text: str) -> bool:
    try:
        return bool(checked_address(text))
    except BadAddress:
        return False


def _switches(config: Config) -> Iterator[str]:
    if config["MAIL_STOPPED"].strip().casefold() in NO_STOP:
        yield "OVERTURE_MAIL_STOPPED stops all mail with any value: leave it out to send mail."
    if not all(_DOMAIN.fullmatch(name) for name in trial_domains(config["MAIL_ONLY_TO"])):
        yield "OVERTURE_MAIL_ONLY_TO must be domains with commas between them, such as example.edu."


def _mailboxes(config: Config) -> Iterator[str]:
    for name in ("IMAP_URL", "ARCHIVE_IMAP_URL"):
        yield from _fault(name, config, imap.check_url)
    if config["ARCHIVE_IMAP_URL"] and not config["ARCHIVE_TO"]:
        yield (
            "OVERTURE_ARCHIVE_IMAP_URL needs OVERTURE_ARCHIVE_TO, the mailbox that gets the copies."
        )
