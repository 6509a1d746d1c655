"""Passwords: how they are kept, which are refused, how one is made.

Argon2id with OWASP's smallest parameters: 19 MiB and some twenty milliseconds, so that a few people
signing in at once do not starve the pages. A hash names its own parameters.
"""

import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_ARGON2 = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
MIN_CHARACTERS = 12  # characters
MAX_BYTES = 1024  # bytes


class WeakPassword(ValueError):
    """A password that may not be used; the message says what to do."""


class PasswordTooLong(ValueError):
    """More bytes than anybody types: nothing is computed for it."""


def hash_password(password: str) -> str:
    """What is stored in its place. Raises TooLong."""
    return _ARGON2.hash(_encoded(password))


def verify(password: str, *, stored: str | None) -> bool:
    """Whether this is the password; takes as long where none is stored. Raises TooLong."""
    try:
        _ARGON2.verify(stored or _dummy_hash(), _encoded(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def check(password: str, *, words: Iterable[str]) -> None:
    """Raise Refused for a password that is short, monotonous, or made of these words, TooLong."""
    plain = _encoded(password).decode("utf-8", "surrogatepass")
    if len(plain) < MIN_CHARACTERS:
        raise WeakPassword(
            f"Use at least {MIN_CHARACTERS} characters; a few words in a row are good."
        )
    rest = plain.casefold()
    for word in words:
        if len(word) > 3:
            rest = rest.replace(word.casefold(), "")
    if len(set(rest)) < 5:
        raise WeakPassword(
            "This is easy to guess. Use words that have nothing to do with you or us."
        )


def generate() -> str:
    """A random password of sixteen characters that can be read out."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    parts = ["".join(secrets.choice(letters) for _ in range(4)) for _ in range(4)]
    return "-".join(parts)


@cache
def _dummy_hash() -> str:
    return _ARGON2.hash(secrets.token_hex())


def _encoded(password: str) -> bytes:
    """The same characters however a keyboard composes them; nothing is trimmed or cut."""
    plain = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    if len(plain) > MAX_BYTES:
        raise PasswordTooLong(f"A password has at most {MAX_BYTES} bytes.")
    return plain
