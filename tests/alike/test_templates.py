"""Templates and stylesheets stay readable: short lines, one declaration each, no dead classes."""

import re
from pathlib import Path

import pytest

from shared.web.ui.controls import INPUTS
from tests.alike.sources import ROOT

LINE = 140
STYLESHEETS = sorted([*ROOT.glob("shared/web/ui/static/*.css"), *ROOT.glob("infra/static/*.css")])
PAGES = ("shared/web/ui/templates", "services", "infra/templates")
SHORT = (*PAGES, "tests/browser")

CSS_LINE = re.compile(r"\s*(@layer [\w, ]+;|[^{};]+[,{]|[\w-]+: [^{};]+;|})?")
CLASSES = re.compile(r'class="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"')
ADDRESS = re.compile(r"""(?:href|src|action)=["']/|["']/[\w?]""")

# Values that Python gives a template as a class: how a state, a due day or a step stands.
TONES = {"new", "ask", "ok", "no", "late", "soon", "held", "done", "now"}
WIDTHS = {each.width for each in INPUTS.values()}
# Classes of pages that are still to be built, such as the rubric and the dashboard. Each leaves
# this list when a page uses it.
TO_COME = {
    "align-end",
    "bar-chart",
    "chart",
    "chart-line",
    "criterion",
    "far-apart",
    "fill-background",
    "goal",
    "halo",
    "inline-options",
    "legend-key",
    "longer-wording",
    "rule",
    "scale",
    "segment",
    "small-bar",
    "spread",
    "stats",
    "sticky-bar",
    "strip",
}


def templates(*folders: str) -> list[Path]:
    results = [file for folder in folders for file in (ROOT / folder).rglob("*")]
    return sorted(file for file in results if file.suffix in (".html", ".svg"))


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def without_comments(text: str) -> str:
    """The text with as many lines as before, so that a line can be named."""
    comment = re.compile(r"/\*.*?\*/|\{#.*?#\}", re.DOTALL)
    return comment.sub(lambda found: "\n" * found[0].count("\n"), text)


def lines(file: Path) -> list[tuple[int, str]]:
    return list(enumerate(without_comments(file.read_text(encoding="utf-8")).splitlines(), 1))


def styled() -> set[str]:
    """The classes in the selectors of the stylesheets."""
    text = "".join(without_comments(file.read_text(encoding="utf-8")) for file in STYLESHEETS)
    selectors = re.findall(r"([^{};]+)\{", text)
    return set(re.findall(r"\.([a-z][\w-]*)", " ".join(selectors)))


def used() -> set[str]:
    """The words in class attributes, also those that an expression chooses between."""
    found: set[str] = set()
    for file in templates(*PAGES):
        for value in CLASSES.findall(file.read_text(encoding="utf-8")):
            chosen = re.findall(
                r"""["']([^"']*)["']""", " ".join(re.findall(r"\{\{.*?\}\}", value))
            )
            fixed = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", value)
            found |= set(" ".join([fixed, *chosen]).split())
    return found


@pytest.mark.parametrize("file", [*STYLESHEETS, *templates(*SHORT)], ids=name)
def test_no_line_of_a_template_or_stylesheet_is_longer_than_a_window(file: Path):
    text = file.read_text(encoding="utf-8").splitlines()
    assert [at for at, line in enumerate(text, 1) if len(line) > LINE] == []


@pytest.mark.parametrize("file", STYLESHEETS, ids=name)
def test_a_stylesheet_has_one_declaration_a_line(file: Path):
    assert [at for at, line in lines(file) if not CSS_LINE.fullmatch(line)] == []


@pytest.mark.parametrize("file", templates(*SHORT), ids=name)
def test_a_template_writes_no_address_itself(file: Path):
    assert [at for at, line in lines(file) if ADDRESS.search(line)] == []


def test_every_class_of_a_stylesheet_is_used_by_a_page():
    assert styled() - used() - TONES - WIDTHS == TO_COME
