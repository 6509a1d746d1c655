"""Settings that would silence mail or events, or open a door, are refused before a service starts.

A check returns a sentence for each fault. No sentence has a password in it.
"""

import os
import re
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

KEY_VARIETY = 8  # different characters; a random key has far more
KEY_LENGTH = 32  # characters; `secrets.token_urlsafe(32)` makes 43
LIMITS = tuple(name for name in SETTINGS if name.endswith("_PER_HOUR"))
LEAST = dict.fromkeys(LIMITS, 1) | {
    "MAX_BODY": 65_536,  # a filled form has to fit
    "MAIL_CONNECTIONS": 1,
    "KEEP_DAYS": 1,
    "PROXIES": 0,
}
"""The whole numbers, and the least value of each."""
MOST = {"MAIL_CONNECTIONS": 1000, "KEEP_DAYS": 36_500, "PROXIES": 10}
LONGEST = 100_000_000  # of all other numbers
MAY_BE_ZERO = ("SEND_AFTER", "POSTS_TOGETHER", "SEND_DELAY")
_WHOLE = re.compile(r"[0-9]{1,12}")
_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")
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


def advice(config: Config) -> Iterator[str]:
    """A sentence for each setting of a public installation that is allowed but seldom meant."""
    if not is_public(config):
        return
    if not config["API_TOKEN"]:
        yield "OVERTURE_API_TOKEN is empty, so nobody can read /metrics or the parts of /readyz."
    if not host_is_trusted("127.0.0.1", config["TRUSTED_HOSTS"]):
        yield "OVERTURE_TRUSTED_HOSTS lacks 127.0.0.1, so health checks of this machine get 400."
    if config["ARCHIVE_TO"] and not config["ARCHIVE_IMAP_URL"]:
        yield "OVERTURE_ARCHIVE_IMAP_URL is empty, so the archive settles no letter in doubt."


def _numbers(config: Config) -> Iterator[str]:
    for name, setting in SETTINGS.items():
        if not setting.default.isdecimal():
            continue
        value, most = str(config[name]), MOST.get(name, LONGEST)
        if name in LEAST:
            if not (_WHOLE.fullmatch(value) and LEAST[name] <= int(value) <= most):
                yield f"OVERTURE_{name} must be a whole number from {LEAST[name]} to {most}."
        elif not is_duration(value) and not (name in MAY_BE_ZERO and value == "0"):
            yield f"OVERTURE_{name} must be a number above 0, such as {setting.default}."


def is_duration(text: str) -> bool:
    """Whether this is a plain number above 0 that a clock can count."""
    return bool(_DECIMAL.fullmatch(text)) and 0 < float(text) <= LONGEST


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
    if not config["TRUSTED_HOSTS"]:
        yield "OVERTURE_TRUSTED_HOSTS must name the hosts that people ask for, and 127.0.0.1."
        return
    own = _split(config.get(f"{config['SERVICE'].upper()}_URL", "")).hostname
    if own and not host_is_trusted(own, config["TRUSTED_HOSTS"]):
        yield f"OVERTURE_TRUSTED_HOSTS must name {own}, or every request there gets an error."


def _fault_of_page(url: SplitResult) -> str:
    if url.scheme not in ("http", "https") or not url.hostname:
        return "must read https://HOST."
    if url.username or url.password or url.query or url.fragment:
        return "must read https://HOST, with no user, query or fragment."
    if url.path.strip("/"):
        return f"must read https://HOST, without the path {url.path}."
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
    if key and len(key) >= KEY_LENGTH and len(set(key)) < KEY_VARIETY:
        yield f"OVERTURE_SECRET_KEY is too easy to guess; {prints} prints one that is not."
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
