"""How the plain text of a mail becomes headings, paragraphs, lists, quotes and its one button.

The text of the profile is the only text; the HTML part repeats it. A line that holds only the
address of the action becomes the button, and the line above it becomes the words of the button. A
line over a row of dashes is a heading, lines that begin with "> " are the words of somebody else,
and indented lines under an item belong to it.
"""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

PREVIEW = 140  # characters that inboxes show beside a subject, at most

_RULE = re.compile(r"-{3,}")


class Item(NamedTuple):
    """A line of a list; a link to `url` where there is one. `details`: the lines indented under."""

    words: str
    url: str = ""
    details: tuple[str, ...] = ()


class Block(NamedTuple):
    """`form` is "paragraph", "heading", "quote" (lines), "items" or "button" (its words)."""

    form: str
    lines: list[str]
    url: str = ""
    items: tuple[Item, ...] = ()


def blocks(text: str, *, action_url: str, lists: Collection[str] = ()) -> list[Block]:
    """The text split at its empty lines. Only the first address on its own line is a button. An
    item that ends in one of the addresses `lists` is a link to it.
    """
    result: list[Block] = []
    for part in text.strip().split("\n\n"):
        lines = [line.rstrip() for line in part.strip("\n").split("\n")]
        has_button = any(block.form == "button" for block in result)
        if action_url in lines and not has_button:
            result += _around_the_button(lines, action_url=action_url)
        else:
            result.append(_block(lines, lists))
    return result


def preview(blocks: list[Block]) -> str:
    """What an inbox shows beside the subject: the first words that say something. A greeting, which
    ends in a comma or colon, does not.
    """
    said = (" ".join(block.lines) for block in blocks if block.form == "paragraph")
    first = next((words for words in said if not words.endswith((",", ":"))), "")
    return first if len(first) <= PREVIEW else f"{first[:PREVIEW].rpartition(' ')[0]} …"


def _block(lines: list[str], lists: Collection[str]) -> Block:
    if len(lines) == 2 and _RULE.fullmatch(lines[1]):
        return Block("heading", lines[:1])
    if all(line.startswith(">") for line in lines):
        return Block("quote", [line[1:].removeprefix(" ") for line in lines])
    if lines[0].startswith("- ") and all(_in_list(line) for line in lines):
        return Block("items", lines, items=tuple(_items(lines, lists)))
    return Block("paragraph", lines)


def _in_list(line: str) -> bool:
    """Whether the line begins or continues an item; an empty line of an item was two spaces."""
    return not line or line.startswith(("- ", "  "))


def _items(lines: list[str], lists: Collection[str]) -> Iterator[Item]:
    starts = [number for number, line in enumerate(lines) if line.startswith("- ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        item = _item(lines[start].removeprefix("- "), lists)
        yield item._replace(details=tuple(line.strip() for line in lines[start + 1 : end]))


def _item(line: str, lists: Collection[str]) -> Item:
    words, _, last = line.rpartition(": ")
    return Item(words, last) if last in lists else Item(line)


def _around_the_button(lines: list[str], *, action_url: str) -> list[Block]:
    at = lines.index(action_url)
    before, words, after = lines[: max(at - 1, 0)], lines[:at][-1:], lines[at + 1 :]
    button = Block("button", [(words or [action_url])[0].rstrip(":")], action_url)
    return [
        *([Block("paragraph", before)] if before else []),
        button,
        *([Block("paragraph", after)] if after else []),
    ]
