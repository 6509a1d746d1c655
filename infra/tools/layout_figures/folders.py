"""Rooms, arrows and modules per folder.

A room is a module or package directly in a service. An arrow is a pair of rooms of which the first
imports the second.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

SERVICES = ("intake", "review", "notify")


def figures(root: Path) -> dict[str, str]:
    """Rooms and arrows of each service, and the fullest folder."""
    measured = {}
    for service in SERVICES:
        folder = root / "services" / service
        measured[f"{service}: rooms"] = str(len(rooms(folder)))
        measured[f"{service}: arrows between rooms"] = str(len(arrows(folder)))
    count, fullest = max(
        (len(_modules(folder)), str(folder.relative_to(root)))
        for folder in (root / "services").rglob("*")
        if folder.is_dir() and folder.name != "versions"  # one migration each
    )
    return measured | {"most modules in one folder": f"{count} ({fullest})"}


def rooms(service: Path) -> set[str]:
    """The names of the rooms of a service."""
    packages = {folder.name for folder in service.iterdir() if _modules(folder)}
    return packages | {file.stem for file in _modules(service)}


def arrows(service: Path) -> set[tuple[str, str]]:
    """The pairs of rooms, of which the first imports the second."""
    known = rooms(service)
    pairs = set()
    for file in service.rglob("*.py"):
        origin = file.relative_to(service).with_suffix("").parts[0]
        targets = set(_imported_rooms(file, f"services.{service.name}")) & known
        pairs |= {(origin, target) for target in targets - {origin} if origin in known}
    return pairs


def _modules(folder: Path) -> list[Path]:
    return [file for file in folder.glob("*.py") if file.name != "__init__.py"]


def _imported_rooms(file: Path, package: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        paths: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            paths = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            paths = [alias.name for alias in node.names]
        for path in paths:
            if path.startswith(f"{package}."):
                yield path.removeprefix(f"{package}.").split(".")[0]
