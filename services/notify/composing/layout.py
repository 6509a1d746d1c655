"""How the plain text of a mail becomes paragraphs, lists and its one button.

The text of the profile is the only text; the HTML part repeats it. A line that holds only the
address of the action becomes the button, and the line above it becomes the words of the button.
"""

from collections.abc import Collection
from typing import NamedTuple


class Item(NamedTuple):
    """A line of a list; a link to `url` where there is one."""

    words: str
    url: str = ""


class Block(NamedTuple):
    """`form` is "paragraph" (lines), "items" or "button" (one line: its words)."""

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
        elif all(line.startswith("- ") for line in lines):
            items = tuple(_item(line.removeprefix("- "), lists) for line in lines)
            result.append(Block("items", lines, items=items))
        else:
            result.append(Block("paragraph", lines))
    return result


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
