"""Long lines and hard-coded addresses in templates and stylesheets."""

import re
from pathlib import Path

LONG = 200  # characters
_FOLDERS = ("services", "shared", "infra")
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_ATTRIBUTE = re.compile(r"""\b(?:href|action|formaction)\s*=\s*["']/""")
_LITERAL = re.compile(r"""(?<![\w)])["']/[A-Za-z][^"']*["']""")  # an address in an expression


def figures(root: Path) -> dict[str, str]:
    """The longest lines, the share of long lines and the number of hard-coded addresses."""
    pages = _files(root, "html")
    lines = [line for page in pages for line in page.read_text(encoding="utf-8").splitlines()]
    long = sum(len(line) > LONG for line in lines)
    addresses = sum(hard_coded(page.read_text(encoding="utf-8")) for page in pages)
    return {
        "longest line in templates": _longest(pages),
        "longest line in stylesheets": _longest(_files(root, "css")),
        f"template lines over {LONG} characters": f"{100 * long / len(lines):.1f} %",
        "hard-coded addresses in templates": str(addresses),
    }


def hard_coded(page: str) -> int:
    """The number of addresses in a template that do not come from `url_for`."""
    expressions = _JINJA.findall(page)
    markup = _JINJA.sub("", page)
    literals = sum(len(_LITERAL.findall(expression)) for expression in expressions)
    return len(_ATTRIBUTE.findall(markup)) + literals


def _files(root: Path, suffix: str) -> list[Path]:
    return [file for folder in _FOLDERS for file in sorted((root / folder).rglob(f"*.{suffix}"))]


def _longest(files: list[Path]) -> str:
    length, name = max(
        (len(line), file.name)
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
    )
    return f"{length} ({name})"
