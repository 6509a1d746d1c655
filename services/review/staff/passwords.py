"""Passwords: hash, verify, check and generate.

Argon2id with the smallest parameters that OWASP recommends, 19 MiB and about twenty milliseconds,
so that a few people who sign in at once do not slow down the pages. A hash names its parameters.
"""

import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_ARGON2 = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
MIN_CHARACTERS = 12
MAX_BYTES = 1024


class WeakPassword(ValueError):
    """A password that is refused; the message says what to do."""


class PasswordTooLong(ValueError):
    """More bytes than anybody types; refused before it costs a hash."""


def hash_password(password: str) -> str:
    """The hash to store. Raises PasswordTooLong."""
    return _ARGON2.hash(_encoded(password))


def verify(password: str, *, stored: str | None) -> bool:
    """Whether this is the password; takes as long without a stored one. Raises PasswordTooLong."""
    try:
        _ARGON2.verify(stored or _dummy_hash(), _encoded(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def check(password: str, *, words: Iterable[str]) -> None:
    """Raise WeakPassword if it is short, monotonous or made of these words; or PasswordTooLong."""
    plain = _encoded(password).decode("utf-8", "surrogatepass")
    if len(plain) < MIN_CHARACTERS:
        raise WeakPassword(
            f"Use at least {MIN_CHARACTERS} characters. Several unrelated words work well."
        )
    remainder = plain.casefold()
    for word in words:
        if len(word) > 3:
            remainder = remainder.replace(word.casefold(), "")
    if len(set(remainder)) < 5:
        raise WeakPassword(
            "This is easy to guess. Use words that have nothing to do with you or us."
        )


def generate() -> str:
    """A random password of sixteen characters that is easy to read out."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    parts = ["".join(secrets.choice(letters) for _ in range(4)) for _ in range(4)]
    return "-".join(parts)


@cache
def _dummy_hash() -> str:
    return _ARGON2.hash(secrets.token_hex())


def _encoded(password: str) -> bytes:
    """The same bytes however a keyboard composes the characters; nothing is trimmed."""
    plain = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    if len(plain) > MAX_BYTES:
        raise PasswordTooLong(f"A password has at most {MAX_BYTES} bytes.")
    return plain
