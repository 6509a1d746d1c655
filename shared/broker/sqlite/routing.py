"""Match binding patterns and routing keys as AMQP specifies.

kombu's topic matching differs: there `#` matches one word or more, in AMQP none or more.
"""

from collections.abc import Callable


def topic(pattern: str, key: str) -> bool:
    """Words are separated by dots; `*` matches exactly one word, `#` none or more."""
    return _match(pattern.split("."), key.split("."))


def direct(pattern: str, key: str) -> bool:
    return pattern == key


def fanout(pattern: str, key: str) -> bool:
    return True


MATCHES: dict[str, Callable[[str, str], bool]] = {
    "topic": topic,
    "direct": direct,
    "fanout": fanout,
}


def _match(pattern: list[str], words: list[str]) -> bool:
    if not pattern:
        return not words
    first, rest = pattern[0], pattern[1:]
    if first == "#":
        return any(_match(rest, words[skip:]) for skip in range(len(words) + 1))
    return bool(words) and first in ("*", words[0]) and _match(rest, words[1:])
