"""What must be true of the markup of every page, read from the HTML; axe misses much of it."""

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
CONTROLS = {"input", "select", "textarea"}


class Element:
    """A tag with what is in it."""

    def __init__(self, tag: str, given: dict[str, str], parent: "Element | None"):
        self.tag, self.given, self.parent = tag, given, parent
        self.inside: list[Element | str] = []

    def get(self, name: str) -> str:
        """The attribute; "" without one."""
        return self.given.get(name, "")

    def walk(self) -> Iterator["Element"]:
        """This element and all in it, in page order."""
        yield self
        for child in self.inside:
            if isinstance(child, Element):
                yield from child.walk()

    def text(self) -> str:
        """What is written in it, blanks made one."""
        words = [each if isinstance(each, str) else each.text() for each in self.inside]
        return " ".join(" ".join(words).split())

    def find(self, tag: str = "", **given: str) -> list["Element"]:
        """Everything in it of this tag with these attributes; `class_` holds one class."""
        return [each for each in self.walk() if tag in ("", each.tag) and _fits(each, given)]

    def above(self, tag: str) -> "Element | None":
        """The nearest element of this tag around it."""
        found = self.parent
        while found is not None and found.tag != tag:
            found = found.parent
        return found


def _fits(element: Element, given: dict[str, str]) -> bool:
    return all(
        value in element.get("class").split()
        if name == "class_"
        else element.get(name.replace("_", "-")) == value
        for name, value in given.items()
    )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.inside.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.at = self.at.parent or self.root

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.at.tag, f"</{tag}> closes <{self.at.tag}>"
        self.at = self.at.parent or self.root

    def handle_data(self, data: str) -> None:
        self.at.inside.append(data)


def read(html: str) -> Element:
    """The page as a tree; AssertionError where tags are not closed in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.at is reader.root, f"<{reader.at.tag}> is never closed"
    return reader.root


def faults(html: str) -> list[str]:
    """Every rule that this page breaks, in words; empty for a sound page."""
    page = read(html)
    ids = Counter(each.get("id") for each in page.walk() if "id" in each.given)
    faults_found = [
        f"the id {name!r} stands {count} times" for name, count in ids.items() if count > 1
    ]
    faults_found += [f"the page has {len(page.find('h1'))} h1"] if len(page.find("h1")) != 1 else []
    for each in page.walk():
        faults_found += _nothing_inline(each) + _names_exist(each, ids)
        if each.tag in CONTROLS and each.get("type") != "hidden":
            faults_found += _control(each, page)
        if each.tag == "fieldset":
            faults_found += _group(each)
        if each.tag in ("a", "button", "summary") and not _named(each):
            faults_found.append(f"a {each.tag} says nothing: {each.given}")
    return faults_found


def _nothing_inline(each: Element) -> list[str]:
    inline = each.tag == "style" or (each.tag == "script" and "src" not in each.given)
    bad = [name for name in each.given if name == "style" or name.startswith("on")]
    return [f"inline {each.tag} {bad}"] if inline or bad else []


def _names_exist(each: Element, ids: Counter[str]) -> list[str]:
    faults_found = []
    for name in ("aria-describedby", "aria-labelledby", "for"):
        for other in each.get(name).split():
            if other not in ids:
                faults_found.append(f"{each.tag} {name} names {other!r}, which is not there")
    return faults_found


def _control(each: Element, page: Element) -> list[str]:
    name = each.get("id") or each.get("name")
    faults_found = []
    labels = page.find("label", **{"for": each.get("id")}) if each.get("id") else []
    around = each.above("label")
    label_texts = [*(label.text() for label in labels), around.text() if around else ""]
    if not any(label_texts) and not each.get("aria-label"):
        faults_found.append(f"{name} has no label")
    if "placeholder" in each.given:
        faults_found.append(f"{name} has a placeholder")
    group = each.above("fieldset")
    if each.get("type") == "radio" and group is None:
        faults_found.append(f"the radio {name} stands in no group")
    if each.get("aria-invalid") == "true" and not _tied(each, page):
        faults_found.append(f"{name} is invalid and nothing says why")
    return faults_found


def _tied(each: Element, page: Element) -> bool:
    """Whether the control, or a group around it, is described by an error that has words."""
    at: Element | None = each
    while at is not None:
        for other in at.get("aria-describedby").split():
            found = page.find("", id=other)
            if other.endswith("-e") and found and found[0].text():
                return True
        at = at.above("fieldset")
    return False


def _group(each: Element) -> list[str]:
    children = [child for child in each.inside if isinstance(child, Element)]
    if not children or children[0].tag != "legend" or not children[0].text():
        return [f"a fieldset does not begin with a legend: {each.text()[:40]}"]
    return []


def _named(each: Element) -> bool:
    return bool(each.text() or each.get("aria-label"))
