"""A page as a browser without scripts sees it: forms with their values, links, texts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
VOID = {"input", "br", "meta", "link", "img", "hr"}
OF_A_DRAFT = re.compile(r"^(/draft|/sent)/[A-Z2-9]{4}-[A-Z2-9]{4}")
SHAPES = {"path", "circle", "rect", "ellipse", "g", "defs"}


def without_draft(address: str) -> str:
    """The address of a page of the form without the reference of the draft: /draft/you."""
    return OF_A_DRAFT.sub(r"\1", address)


@dataclass
class Control:
    """One control; a box or radio is on or off, everything else holds a value."""

    name: str
    kind: str
    value: str = ""
    on: bool = True
    options: list[str] = field(default_factory=list)

    @property
    def ticked(self) -> bool:
        return self.kind in ("checkbox", "radio")


@dataclass
class Form:
    action: str
    id: str = ""
    controls: list[Control] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def named(self, name: str) -> list[Control]:
        return [control for control in self.controls if control.name == name]

    def data(self) -> list[tuple[str, str]]:
        """What a browser would post, without the button."""
        return [
            (control.name, control.value)
            for control in self.controls
            if control.on and control.name
        ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.area: Control | None = None
        self.apart: list[dict[str, str]] = []

    def close(self) -> None:
        """Give each button that stands outside of its form to that form."""
        super().close()
        for given in self.apart:
            (form,) = [form for form in self.forms if form.id == given["form"]]
            form.buttons.append((given.get("name", ""), given.get("value", "")))

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        if tag == "form":
            self.forms.append(Form(attributes.get("action", ""), attributes.get("id", "")))
        elif tag == "button" and "form" in attributes:
            self.apart.append(attributes)
        elif self.forms and "form" in self.open:
            self._control(tag, attributes)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        if tag == "input":
            kind = given.get("type", "text")
            on = "checked" in given if kind in ("checkbox", "radio") else True
            form.controls.append(Control(name, kind, given.get("value", ""), on))
        elif tag in ("textarea", "select"):
            self.area = Control(name, tag)
            form.controls.append(self.area)
        elif tag == "option" and self.area is not None:
            self.area.options.append(given.get("value", ""))
            if "selected" in given:
                self.area.value = given["value"]
        elif tag == "button":
            form.buttons.append((name, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area is not None:
            self.area.value = self.area.value.removeprefix("\n")
        if tag in ("textarea", "select"):
            self.area = None
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.area is not None and self.area.kind == "textarea":
            self.area.value += data
        for tag in set(self.open):
            self.words.setdefault(tag, []).append(data)


@dataclass
class Page:
    """A parsed response."""

    response: TestResponse
    forms: list[Form]
    links: list[str]
    elements: list[tuple[str, dict[str, str]]]
    words: dict[str, list[str]]

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def address(self) -> str:
        """The path, which names the draft."""
        return self.response.request.path

    @property
    def path(self) -> str:
        """Which page it is: the address without the reference of the draft."""
        return without_draft(self.address)

    @property
    def html(self) -> str:
        return self.response.text

    def text(self, tag: str = "main") -> str:
        """The text of all elements of this tag, with single spaces."""
        return " ".join("".join(self.words.get(tag, [])).split())

    @property
    def form(self) -> Form:
        """The one form of the page."""
        (form,) = self.forms
        return form

    def attributes(self, tag: str) -> list[dict[str, str]]:
        return [given for found, given in self.elements if found == tag]


def page_of(response: TestResponse) -> Page:
    reader = _Reader()
    reader.feed(response.text)
    reader.close()
    return Page(response, reader.forms, reader.links, reader.elements, reader.words)


def get(client: FlaskClient, path: str, **options: Any) -> Page:
    """Open an address and follow redirects."""
    return page_of(
        client.get(path.partition("#")[0], headers=HTML, follow_redirects=True, **options)
    )


def press(
    client: FlaskClient,
    page: Page,
    button: tuple[str, str] = ("go", "next"),
    *,
    more: Iterable[tuple[str, str]] = (),
    follow: bool = True,
) -> Page:
    """Press a button of the page's form; `more` is posted as well."""
    form = page.form
    assert button in form.buttons, f"{button} is none of {form.buttons}"
    posted: dict[str, list[str]] = {}
    for name, value in [*form.data(), *more, button]:
        posted.setdefault(name, []).append(value)
    address = form.action or page.response.request.full_path.rstrip("?")
    answer = client.post(address, data=posted, headers=HTML, follow_redirects=follow)
    return page_of(answer)
