"""Passwords: hash, verify, check and generate.

Argon2id with the smallest parameters that OWASP recommends, 19 MiB and about twenty milliseconds,
so that a few people who sign in at once do not slow down the pages. A hash names its parameters.
"""

import secrets
from collections.abc import Sequence
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared import typed

_ARGON2 = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
MIN_CHARACTERS = 12
MAX_BYTES = 1024
MIN_GUESSES = 10  # as a power of ten: what an offline attack tries in a second against a weak hash
SHORTEST_WORD = 3  # of the words of a person
MIN_ADDED = 8  # letters and digits beside such words
JUDGED = 36  # characters; a longer password is judged by its beginning, because the work explodes


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


def hash_new(password: str, *, words: Sequence[str]) -> str:
    """Check a new password and hash it, which is slow: call it outside a transaction.

    Raises WeakPassword or PasswordTooLong.
    """
    check(password, words=words)
    return hash_password(password)


def check(password: str, *, words: Sequence[str]) -> None:
    """Raise WeakPassword if it is short, common, a pattern, or made of these words; or
    PasswordTooLong.
    """
    plain = _encoded(password).decode("utf-8", "surrogatepass")
    if len(plain) < MIN_CHARACTERS:
        raise WeakPassword(
            f"Use at least {MIN_CHARACTERS} characters. Several unrelated words work well."
        )
    if _guesses(plain[:JUDGED], words) < MIN_GUESSES or _is_of_own_words(plain, words):
        raise WeakPassword(
            "This is easy to guess. Use several words that have nothing to do with each other, with"
            " you or with us."
        )


def _guesses(plain: str, words: Sequence[str]) -> float:
    """How many guesses a password takes at most, as a power of ten.

    As `zxcvbn.zxcvbn`, which keeps the words of a person in a global, so that two threads that
    judge passwords would use the words of one.
    """
    from zxcvbn import matching, scoring  # their words take 15 MB; few processes need them

    own = matching.build_ranked_dict([word.lower() for word in words])
    dictionaries = {**matching.RANKED_DICTIONARIES, "user_inputs": own}
    matches = matching.omnimatch(plain, dictionaries)
    return float(scoring.most_guessable_match_sequence(plain, matches)["guesses_log10"])


def _is_of_own_words(plain: str, words: Sequence[str]) -> bool:
    """Whether little is left without these words, which a mark between them hides from zxcvbn."""
    key = typed.search_key(plain)
    rest = key
    for word in sorted(map(typed.search_key, words), key=len, reverse=True):
        if len(word) >= SHORTEST_WORD:
            rest = rest.replace(word, "")
    added = sum(char.isalnum() for char in rest)
    return len(set("".join(rest.split()))) < 5 or (rest != key and added < MIN_ADDED)


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
    plain = typed.composed(password).encode("utf-8", "surrogatepass")
    if len(plain) > MAX_BYTES:
        raise PasswordTooLong(f"A password has at most {MAX_BYTES} bytes.")
    return plain
