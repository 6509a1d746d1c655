"""How the plain text of a mail becomes paragraphs, lists and its one button.

The text of the profile is the only text; the HTML part repeats it. A line that holds only the
address of the action becomes the button, and the line above it becomes the words of the button.
"""

from collections.abc import Collection
from typing import NamedTuple


class Item(NamedTuple):
    """An item of a list, with its line breaks; a link to `url` where there is one."""

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
        elif lines[0].startswith("- ") and all(_in_list(line) for line in lines):
            items = tuple(_item(line, lists) for line in _joined(lines))
            result.append(Block("items", lines, items=items))
        else:
            result.append(Block("paragraph", lines))
    return result


def _in_list(line: str) -> bool:
    """Whether the line begins or continues an item; an empty line of an item was two spaces."""
    return not line or line.startswith(("- ", "  "))


def _joined(lines: list[str]) -> list[str]:
    """The items without their marks, each with its further lines."""
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(line[2:])
        else:
            items[-1] += f"\n{line[2:]}"
    return items


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
