"""How the plain text of a mail becomes paragraphs, lists and its one button.

The text of the profile is the only text there is; HTML repeats it. A line that holds nothing but
the action's address becomes the button, and the line above it the button's words.
"""

from collections.abc import Collection
from typing import NamedTuple

FOOTERS = {
    ("transactional", "en"): (
        "You get this because you sent us an idea. We write only when something changes or we need "
        "you. We do not track whether you open our mail."
    ),
    ("transactional", "es"): (
        "Recibe este mensaje porque nos envió una idea. Solo escribimos cuando algo cambia o "
        "necesitamos algo de usted. No registramos si abre nuestros correos."
    ),
    ("draft", "en"): (
        "You get this because this address was given for an idea that is not sent yet. Delete the "
        "idea on its page, and these emails end. We do not track whether you open our mail."
    ),
    ("draft", "es"): (
        "Recibe este mensaje porque se dio esta dirección para una idea que aún no se ha enviado. "
        "Si borra la idea en su página, no recibirá más. No registramos si abre nuestros correos."
    ),
    ("reminder", "en"): (
        "You get this because this address was given for an idea that is not sent yet. The link "
        "leads to a button that ends these reminders. We do not track whether you open our mail."
    ),
    ("reminder", "es"): (
        "Recibe este mensaje porque se dio esta dirección para una idea que aún no se ha enviado. "
        "El enlace lleva a un botón que termina estos recordatorios. No registramos si abre "
        "nuestros correos."
    ),
    ("link", "en"): (
        "You get this because somebody asked for it with your address or your reference. We do not "
        "track whether you open our mail."
    ),
    ("link", "es"): (
        "Recibe este mensaje porque alguien lo pidió con su dirección o su referencia. No "
        "registramos si abre nuestros correos."
    ),
    ("named", "en"): (
        "You get this because somebody named you in an idea that was sent to us. We do not track "
        "whether you open our mail."
    ),
    ("named", "es"): (
        "Recibe este mensaje porque alguien dio su nombre en una idea que nos envió. No "
        "registramos si abre nuestros correos."
    ),
    ("asked", "en"): (
        "You get this because your judgment on this idea is asked for. We do not track whether you "
        "open our mail."
    ),
    ("asked", "es"): (
        "Recibe este mensaje porque se le pide su opinión sobre esta idea. No registramos si abre "
        "nuestros correos."
    ),
    ("notice", "en"): (
        "You get this for your information. To get no more of these, reply and say so. We do not "
        "track whether you open our mail."
    ),
    ("notice", "es"): (
        "Recibe este mensaje para su información. Si no quiere recibir más, responda y díganoslo. "
        "No registramos si abre nuestros correos."
    ),
    ("digest", "en"): (
        "You get this because you work with ideas in Overture. You can stop it on the page of your "
        "account there."
    ),
    ("digest", "es"): (
        "Recibe este mensaje porque trabaja con ideas en Overture. Puede dejar de recibirlo en la "
        "página de su cuenta."
    ),
    ("office", "en"): (
        "You get this because you work with ideas in Overture. On the page of your account there "
        "you choose what comes at once and what in the morning."
    ),
    ("office", "es"): (
        "Recibe este mensaje porque trabaja con ideas en Overture. En la página de su cuenta "
        "elige qué le llega al momento y qué por la mañana."
    ),
    ("staff", "en"): "You get this because you work with ideas in Overture.",
    ("staff", "es"): "Recibe este mensaje porque trabaja con ideas en Overture.",
}


class Item(NamedTuple):
    """A line of a list; all of it leads to `url`, where there is one."""

    words: str
    url: str = ""


class Block(NamedTuple):
    """`form` is "paragraph" (lines), "items" or "button" (one line: its words)."""

    form: str
    lines: list[str]
    url: str = ""
    items: tuple[Item, ...] = ()


def footer(why: str, *, language: str) -> str:
    """Why the reader gets this mail, in her language where we have it, else in English."""
    return FOOTERS.get((why, language.partition("-")[0]), FOOTERS[why, "en"])


def blocks(text: str, *, action_url: str, lists: Collection[str] = ()) -> list[Block]:
    """The text cut at its empty lines. Only the first address that stands alone is a button; an
    item that ends in one of the addresses `lists` is a link to it.
    """
    found: list[Block] = []
    for part in text.strip().split("\n\n"):
        lines = [line.rstrip() for line in part.strip("\n").split("\n")]
        has_button = any(block.form == "button" for block in found)
        if action_url in lines and not has_button:
            found += _around_the_button(lines, action_url=action_url)
        elif all(line.startswith("- ") for line in lines):
            items = tuple(_item(line.removeprefix("- "), lists) for line in lines)
            found.append(Block("items", lines, items=items))
        else:
            found.append(Block("paragraph", lines))
    return found


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
