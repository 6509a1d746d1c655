"""Phone numbers as people, phones and contact cards write them."""

import re

from shared.typed.plain import DASHES, INVISIBLE, composed, line, up_to

LONGEST = 15  # digits of any number in the world
_LABEL = re.compile(r"^(?:tel|phone|cell|mobile|teléfono|tel\.)\s?:\s?", re.I)
_EXTENSION = re.compile(r" ?(?:;ext=|,? ?\bextensi[oó]n\b:?|#) ?", re.I)  # after spaces are folded
_NUMBER = re.compile(
    r"(?<![0-9])(?P<plus>\+?)"
    r"(?P<number>(?:1[ .-]?)?(?:\([2-9][0-9]{2}\)|[2-9][0-9]{2})[ .-]{0,2}[0-9]{3}[ .-]?[0-9]{4}"
    r"|[(]?[0-9](?:[ ().-]{0,2}[0-9]){6,14})(?![0-9])"
    r"(?:,? ?(?:ext\.?|x) ?(?P<extension>[0-9]{1,6}))?",
    re.I,
)  # of North America, else of any country


@up_to(200)
def phone(typed: str) -> str:
    """A number in plain characters; text with two numbers stays close to what was typed."""
    plain = DASHES.sub("-", composed(INVISIBLE.sub("", line(typed)), "NFKC"))
    plain = _LABEL.sub("", re.sub(r"\s+", " ", plain).strip(), count=1)
    plain = _EXTENSION.sub(" ext. ", plain)
    if sum(char.isdigit() for char in plain) <= LONGEST:  # else a second number follows
        plain = plain.replace("/", "-")
    return re.sub(r"\s+", " ", plain).strip()


def first_phone(text: str) -> tuple[str, str]:
    """The first number in a text that can be dialed, in digits, and its extension; "" for none."""
    match = _NUMBER.search(text)
    if match is None:
        return "", ""
    digits = re.sub(r"[^0-9]", "", match["number"])
    return match["plus"] + digits, match["extension"] or ""
