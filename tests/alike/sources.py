"""Our own source, read but not run: which modules there are, what they import, what they say."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


def modules(*folders: str) -> list[Path]:
    """The Python files of these folders, migrations left out."""
    results = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    return sorted(file for file in results if "versions" not in file.parts)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def reached(service: str) -> set[Path]:
    """Every file of ours that this service imports, directly or not."""
    waiting = modules(f"services/{service}")
    found: set[Path] = set()
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += _imported(file)
    return found


def _imported(file: Path) -> list[Path]:
    names: list[str] = []
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return [path for name in names if (path := _file_of(name)) is not None]


def _file_of(name: str) -> Path | None:
    if name.split(".")[0] not in ("shared", "services"):
        return None
    path = ROOT.joinpath(*name.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.exists()),
                None)  # fmt: skip


def published_events(files: set[Path]) -> set[str]:
    """The events that these files put into the outbox: outbox.add(session, "name", …)."""
    return {
        name.value
        for file in files
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("outbox.add", "add")
        for name in node.args[1:2]
        if isinstance(name, ast.Constant) and isinstance(name.value, str)
    }


def settings_asked_for(file: Path) -> set[str]:
    """The names in config["NAME"] and config.get("NAME")."""
    names: list[ast.expr] = []
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("config"):
            names.append(node.slice)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("config.get"):
            names += node.args[:1]
    return {
        name.value
        for name in names
        if isinstance(name, ast.Constant) and isinstance(name.value, str)
    }
