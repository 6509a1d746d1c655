"""Settings that would silence mail or events, or open a door, are refused before a service starts.

A check returns a sentence for each fault. No sentence has a password in it.
"""

import math
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

import click
from flask import Flask
from flask.helpers import get_debug_flag
from werkzeug.sansio.utils import host_is_trusted

from shared.broker import connection
from shared.settings import SETTINGS, as_set, urls
from shared.settings.loopback import is_loopback

KEY_LENGTH = 32  # characters; `secrets.token_urlsafe(32)` makes 43
LIMITS = tuple(name for name in SETTINGS if name.endswith("_PER_HOUR"))
AT_LEAST_ONE = (*LIMITS, "MAX_BODY", "MAIL_CONNECTIONS", "KEEP_DAYS")
WHOLE = (*AT_LEAST_ONE, "PROXIES")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
ENCRYPTED = ("require", "verify-ca", "verify-full")

Config = Mapping[str, Any]
Check = Callable[[Config], Iterator[str]]


class BadSettings(click.ClickException, RuntimeError):
    """One sentence a fault. flask and gunicorn print the text of these two without a traceback."""


def refuse_bad(app: Flask, *checks: Check) -> None:
    """Raise BadSettings for faults that all services share, or that these further checks find."""
    every = (_numbers, _log_level, _debug, _addresses, _keys, _database, _broker, *checks)
    found = [sentence for check in every for sentence in check(app.config)]
    if found:
        raise BadSettings(as_set("\n".join(found), app.config["SERVICE"]))


def is_public(config: Config) -> bool:
    """Whether people reach this installation from other machines."""
    urls = (config["INTAKE_URL"], config["REVIEW_URL"])
    return not all(is_loopback(_split(url).hostname) for url in urls)


def _numbers(config: Config) -> Iterator[str]:
    for name, setting in SETTINGS.items():
        if not setting.default.isdecimal():
            continue
        value = str(config[name])
        if name in WHOLE:
            least = int(name in AT_LEAST_ONE)
            if not (value.isascii() and value.isdecimal() and int(value) >= least):
                yield f"OVERTURE_{name} must be a whole number of at least {least}."
        elif not _is_number(value):
            yield f"OVERTURE_{name} must be a number such as {setting.default}."


def _is_number(value: str) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return math.isfinite(number) and number >= 0


def _log_level(config: Config) -> Iterator[str]:
    if config["LOG_LEVEL"] not in LEVELS:
        yield f"OVERTURE_LOG_LEVEL must be one of {', '.join(LEVELS)}."


def _debug(config: Config) -> Iterator[str]:
    if get_debug_flag() and is_public(config):
        yield "FLASK_DEBUG must be empty, because other machines can reach this installation."


def _addresses(config: Config) -> Iterator[str]:
    for name in ("INTAKE_URL", "REVIEW_URL"):
        if fault := _fault_of_page(_split(config[name])):
            yield f"OVERTURE_{name} {fault}"
    own = _split(config.get(f"{config['SERVICE'].upper()}_URL", "")).hostname
    if own and not host_is_trusted(own, config["TRUSTED_HOSTS"]):
        yield f"OVERTURE_TRUSTED_HOSTS must name {own}, or every request there gets an error."


def _fault_of_page(url: SplitResult) -> str:
    if url.scheme not in ("http", "https") or not url.hostname:
        return "must read https://HOST."
    if url.username or url.password or url.query or url.fragment:
        return "must read https://HOST, with no user, query or fragment."
    if url.scheme == "http" and not is_loopback(url.hostname):
        return "must start with https://, because people open it from other machines."
    return ""


def _keys(config: Config) -> Iterator[str]:
    key, token, public = config["SECRET_KEY"], config["API_TOKEN"], is_public(config)
    has_pages = f"{config['SERVICE'].upper()}_URL" in config
    prints = "`python -c 'import secrets; print(secrets.token_urlsafe(32))'`"
    if has_pages and not key and public:
        yield f"OVERTURE_SECRET_KEY is missing: set it to what {prints} prints."
    if key and len(key) < KEY_LENGTH:
        yield (
            f"OVERTURE_SECRET_KEY must have at least {KEY_LENGTH} characters; {prints} prints one."
        )
    if public and token and len(token) < KEY_LENGTH:
        yield f"OVERTURE_API_TOKEN must have at least {KEY_LENGTH} characters; {prints} prints one."


def _database(config: Config) -> Iterator[str]:
    if not config["DATABASE_URL"].startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
        yield "OVERTURE_DATABASE_URL must start with sqlite:/// or postgresql://."
        return
    try:
        url = urls.database_url(config["DATABASE_URL"])
    except urls.Unreadable as error:
        yield f"OVERTURE_DATABASE_URL {error}"
        return
    if url.get_backend_name() == "postgresql":
        mode = url.query.get("sslmode") or os.environ.get("PGSSLMODE")
        if not _is_here(url.host or url.query.get("host")) and mode not in ENCRYPTED:
            yield (
                f"OVERTURE_DATABASE_URL must end in ?sslmode=verify-full, because {url.host} is "
                "another machine and the password would travel unencrypted."
            )


def _is_here(host: Any) -> bool:
    """A socket file is on this machine too."""
    return is_loopback(host) or str(host).startswith("/")


def _broker(config: Config) -> Iterator[str]:
    try:
        connection.check_url(config["BROKER_URL"])
    except urls.Unreadable as error:
        yield f"OVERTURE_BROKER_URL {error}"
    except ValueError as error:
        yield f"OVERTURE_BROKER_URL cannot be used: {error}"


def _split(url: str) -> SplitResult:
    """The parts of an address; of none where it cannot be read."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts
