"""Reads a profile folder: merges its TOML files into one JSON-able body and checks it as a whole.

It reads every `*.toml` of the folder and of its folder `questions`, in order of name. The same
table in two files is a fault; lists of tables (questions, units, …) add up. Questions are in the
order of the sections, then as written. A profile may extend another (`extending.py`).
"""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from shared.profile.broken import BrokenProfile, Fault
from shared.profile.extending import Origins, Written, base_of, merge
from shared.profile.schema.checks import faults

Spec = dict[str, Any]


def read(folder: Path) -> Spec:
    """The body of the profile in this folder; raises BrokenProfile with every fault."""
    written = _written(folder)
    base = base_of(written, folder)
    if base is not None:
        written = merge(_written(base, prefix=f"../{base.name}/"), written)
    body, origins = written
    _in_form_order(body, origins)
    _drop_unused_translations(body)
    broken = [_fault(origins, path, key, reason) for path, key, reason in faults(body)]
    if broken:
        raise BrokenProfile(broken)
    return body


def _written(folder: Path, prefix: str = "") -> Written:
    """The content of one folder. Faults name a file by `prefix` and its path in the folder."""
    paths = sorted(folder.glob("*.toml")) + sorted(folder.glob("questions/*.toml"))
    if not paths:
        raise BrokenProfile([Fault(str(folder), "*.toml", "there is no profile here")])
    body: Spec = {}
    origins: Origins = {}
    broken: list[Fault] = []
    for path in paths:
        name = prefix + path.relative_to(folder).as_posix()
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            broken.append(Fault(name, "(the file)", f"is not TOML: {error}"))
            continue
        broken += _add(body, origins, tables=_jsonable(tables), file=name)
    if broken:
        raise BrokenProfile(broken)
    return Written(body, origins)


def _add(body: Spec, origins: Origins, *, tables: Spec, file: str) -> list[Fault]:
    """Add the tables of one file to the body and record their file."""
    broken = []
    for key, value in tables.items():
        if key not in body:
            origins[(key,)] = file
            body[key] = [] if isinstance(value, list) else value
        elif not (isinstance(value, list) and isinstance(body[key], list)):
            broken.append(Fault(file, key, f"is already in {origins[(key,)]}"))
            continue
        if isinstance(value, list):
            for entry in value:
                origins[(key, len(body[key]))] = file
                body[key].append(entry)
    return broken


def _in_form_order(body: Spec, origins: Origins) -> None:
    questions, sections = body.get("questions"), body.get("sections")
    if not isinstance(questions, list) or not isinstance(sections, list):
        return
    rank = {
        section["id"]: place
        for place, section in enumerate(sections)
        if isinstance(section, dict) and isinstance(section.get("id"), str)
    }

    def place(index: int) -> int:
        question = questions[index]
        section = question.get("section") if isinstance(question, dict) else None
        return rank.get(section, len(rank)) if isinstance(section, str) else len(rank)

    order = sorted(range(len(questions)), key=place)
    files = [origins[("questions", index)] for index in order]
    body["questions"] = [questions[index] for index in order]
    for index, file in enumerate(files):
        origins[("questions", index)] = file


def _drop_unused_translations(body: Spec) -> None:
    """Drop translations of the extended profile into languages that this one does not offer."""
    known, spoken = body.get("translations"), body.get("languages")
    if isinstance(known, dict) and isinstance(spoken, list):
        used = {language: texts for language, texts in known.items() if language in spoken}
        body["translations"] = used


def _jsonable(value: Any) -> Any:
    """Dates as strings, because JSON has none."""
    if isinstance(value, dict):
        return {key: _jsonable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_jsonable(inner) for inner in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def _fault(origins: Origins, path: tuple[str | int, ...], key: str, reason: str) -> Fault:
    if path[:1] not in origins and len(path) == 1 and reason.startswith("Missing data"):
        return Fault(f"{path[0]}.toml", key, "no file has it; copy the one of profiles/example")
    return Fault(_file(origins, path), key, reason)


def _file(origins: Origins, path: tuple[str | int, ...]) -> str:
    return origins.get(path[:2]) or origins.get(path[:1]) or "(no file)"
