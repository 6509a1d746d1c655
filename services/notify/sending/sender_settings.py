"""What one sender works with, read from the settings of the installation."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from services.notify.composing.addresses import checked_address, domain
from services.notify.sending import domain_limits
from services.notify.smtp import Server, Timeouts, server_from_url


class SenderSettings(NamedTuple):
    """`archive` is the mailbox for copies of letters, or "". `spacing` is the time between two
    mails to one domain. `retry_steps` and `longest_pause` are seconds. `has_key_header`: the mail
    server drops a second copy by its key.
    """

    server: Server
    connections: int
    archive: str
    spacing: timedelta | None
    retry_steps: tuple[float, ...]
    longest_pause: float
    resend_after: timedelta
    has_key_header: bool
    stopped: bool


def sender_settings(config: Mapping[str, Any]) -> SenderSettings:
    """The settings of this installation. Raises ValueError or BadAddress for one that is wrong."""
    return SenderSettings(
        server=mail_server(config),
        connections=int(config["MAIL_CONNECTIONS"]),
        archive=checked_address(config["ARCHIVE_TO"]) if config["ARCHIVE_TO"] else "",
        spacing=domain_limits.spacing(config["MAIL_PER_HOST"]),
        retry_steps=tuple(float(step) for step in config["MAIL_RETRY"].split(",")),
        longest_pause=float(config["MAIL_BACKOFF"]),
        resend_after=timedelta(seconds=float(config["RESEND_AFTER"])),
        has_key_header=bool(config["MAIL_KEY_HEADER"]),
        stopped=bool(config["MAIL_STOPPED"]),
    )


def mail_server(config: Mapping[str, Any]) -> Server:
    """The mail server and its timeouts. Raises ValueError for a bad address."""
    longest = float(config["SMTP_TIMEOUT"])
    timeouts = Timeouts(*(min(longest, seconds) for seconds in Timeouts()))
    return server_from_url(
        config["SMTP_URL"],
        hello=domain(config["MAIL_FROM"]),
        ca_file=config["SMTP_CA_FILE"] or None,
        timeouts=timeouts._replace(dot=float(config["DOT_TIMEOUT"])),
    )
