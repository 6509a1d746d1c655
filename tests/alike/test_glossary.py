"""Each name in the last column of docs/glossary.md exists in the code."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from shared.events import EVENTS, SERVICES
from tests.alike.sources import ROOT, modules, tree

GLOSSARY = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
NAME = re.compile(r"[A-Za-z_]\w*(\.\w+)?")


def code_names(text: str) -> Iterator[tuple[str, str]]:
    """Section and name of each code name; values such as `{"not_sure": true}` are none."""
    section = ""
    for line in text.splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif line.startswith("|"):
            for name in re.findall(r"`([^`]+)`", line.rsplit("|", 2)[1]):
                if "/" in name or NAME.fullmatch(name):
                    yield section, name


def exists(section: str, name: str) -> bool:
    """Whether the section's service or shared has this path, event, definition or value."""
    services = [section] if section in SERVICES else list(SERVICES)
    if "/" in name:
        folders = [ROOT, *(ROOT / "services" / service for service in services)]
        return any(_is_path(folder / name) for folder in folders)
    if any(event.startswith(f"{name}.v") for event in EVENTS):
        return True
    return any(name in _definitions(folder) for folder in (*services, "shared"))


def _is_path(path: Path) -> bool:
    return path.exists() or path.with_suffix(".py").exists()


@cache
def _definitions(folder: str) -> frozenset[str]:
    """Modules, classes, functions, variables and enum values, members also as `owner.member`."""
    root = "shared" if folder == "shared" else f"services/{folder}"
    names: set[str] = set()
    for file in modules(root):
        module = file.parent.name if file.stem == "__init__" else file.stem
        names |= {module, *_members(tree(file), module)}
    return frozenset(names)


def _members(owner: ast.Module | ast.ClassDef, owner_name: str) -> Iterator[str]:
    for node in owner.body:
        if isinstance(node, ast.ClassDef):
            yield from _members(node, node.name)
        for name in _defined(node):
            yield from (name, f"{owner_name}.{name}")
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            yield str(node.value.value)


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


@pytest.mark.parametrize(("section", "name"), sorted(set(code_names(GLOSSARY))))
def test_the_code_has_each_name_of_the_glossary(section: str, name: str) -> None:
    assert exists(section, name), f"docs/glossary.md, {section}: the code has no {name}"


def test_each_section_has_names() -> None:
    sections = {section for section, _ in code_names(GLOSSARY)}
    assert sections == {"Everywhere", *SERVICES}


@pytest.mark.parametrize(
    ("section", "name"),
    [("review", "Triage"), ("review", "Case.guardian"), ("notify", "sending/fate"),
     ("intake", "CaseFlag"), ("Everywhere", "post.removed")],
)  # fmt: skip
def test_a_name_that_the_code_lacks_is_noticed(section: str, name: str) -> None:
    assert not exists(section, name)
