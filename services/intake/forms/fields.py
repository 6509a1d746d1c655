"""The questions of a page as the form macros show them: wording of the branch, what was typed,
what is wrong with it.
"""

from dataclasses import replace
from typing import Any, NamedTuple

from services.intake.forms.choices import choices
from services.intake.forms.conditions import hint_of
from services.intake.labels import translate
from shared.profile import Profile
from shared.profile.labels import label
from shared.web.ui.fields import Field, NotSure

Spec = dict[str, Any]

MANY_CHOICES = 8  # choices; more of them are a list to open
KINDS = {"list_of_text": "list", "people": "rows", "organizations": "rows"}
ROWS = {"list_of_text": "line", "people": "person", "organizations": "organization"}
FIRST_ROWS = {"list_of_text": 3, "people": 0, "organizations": 1}
COMPLETES = {  # what a browser may fill in by itself, by the role of the question
    "contact_name": "name",
    "contact": "email",
    "organization": "organization",
}


class FormValues(NamedTuple):
    """What a page shows in its controls, by key.

    `errors`: messages as marshmallow gives them. `rows`: how many rows to show of a list; `added`:
    the list that just got one more.
    """

    profile: Profile  # in the language of the page
    branch: str
    typed: Spec
    not_sure: list[str]
    errors: Spec = {}
    rows: dict[str, int] = {}
    added: str = ""


def fields_of(shown: FormValues, questions: list[Spec]) -> list[Field]:
    """A field for each question, in order."""
    return [_question(shown, spec, questions) for spec in questions]


def _question(shown: FormValues, spec: Spec, neighbors: list[Spec]) -> Field:
    key = spec["key"]
    value = shown.typed.get(key, spec.get("default"))
    hint = hint_of(shown.profile, spec, shown.branch, neighbors)
    given = _described(shown, spec, key, value, shown.errors.get(key))
    need = shown.profile.need(spec, shown.branch)
    given |= {"hint": hint, "optional": need == "optional" and spec["type"] != "consent"}
    if need == "or_not_sure" or (need == "optional" and spec.get("not_sure")):
        given["not_sure"] = _not_sure(shown, key)
    if given["kind"] in ("list", "rows"):
        given |= _rows(shown, spec, value or [], shown.errors.get(key))
    return Field(**given)


def _not_sure(shown: FormValues, key: str) -> NotSure:
    said = shown.profile.page("form", shown.profile.language)
    return NotSure(
        shown.profile.wording["not_sure"],
        said["not_sure_hint"],
        said["not_sure_thanks"],
        chosen=key in shown.not_sure,
    )


def _described(shown: FormValues, spec: Spec, name: str, value: Any, errors: Any) -> Spec:
    """What is the same for a question and for a part of one."""
    kind = KINDS.get(str(spec["type"]), str(spec["type"]))
    given: Spec = {
        "kind": kind,
        "name": name,
        "label": label(spec, shown.branch),
        "errors": errors if isinstance(errors, list) else [],
        "value": _as_typed(kind, value),
        "autocomplete": COMPLETES.get(spec.get("role", ""), ""),
    }
    if kind in ("single", "multi"):
        given |= _choices(shown, spec, value)
    if kind == "composite":
        given["parts"] = _parts(shown, spec, name, value, errors)
    if kind == "money" and shown.profile.institution["currency"] == "USD":
        given["before"] = "$"
    if kind == "long_text" or "note_at" in spec.get("limits", {}):
        given["most"] = spec.get("limits", {}).get("max_chars")
    return given


def _as_typed(kind: str, value: Any) -> Any:
    """As the control wants it; a list where one value belongs shows its first."""
    if kind in ("multi", "composite", "list", "rows"):
        return value if isinstance(value, list) else []
    if kind == "consent":
        return value is True
    if kind == "integer_range":
        ends = value if isinstance(value, dict) else {"from": value}
        return {end: _text(ends.get(end)) for end in ("from", "to")}
    return _text(value[0] if isinstance(value, list) else value)


def _text(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _choices(shown: FormValues, spec: Spec, value: Any) -> Spec:
    """The choices; where one may leave the question open, also the way back to that."""
    offered = choices(shown.profile, spec, shown.branch, chosen=value)
    if spec["type"] == "multi":
        return {"choices": offered}
    listed = len(offered) > MANY_CHOICES
    need = shown.profile.need(spec, shown.branch)
    if value and need == "optional":
        offered = [*offered, {"value": "", "label": translate(shown.profile.language, "no_answer")}]
    return {"choices": offered, "kind": "select" if listed else "single"}


def _parts(shown: FormValues, spec: Spec, name: str, value: Any, errors: Any) -> list[Field]:
    known = value if isinstance(value, dict) else {}
    wrong = errors if isinstance(errors, dict) else {}
    found = []
    for part in spec["parts"]:
        if shown.profile.need(part, shown.branch) == "absent":
            continue
        key = part["name"]
        given = _described(shown, part, f"{name}.{key}", known.get(key), wrong.get(key))
        given["hint"] = hint_of(shown.profile, part, shown.branch, spec["parts"])
        given["optional"] = not part.get("required") and part["type"] != "consent"
        found.append(Field(**given))
    return found


class _Row(NamedTuple):
    number: int
    typed: Any
    errors: Any
    focus: bool


def _rows(shown: FormValues, spec: Spec, value: list[Any], errors: Any) -> Spec:
    """The rows with what stands in them, as many empty ones as were there, and the button."""
    key, kind = spec["key"], spec["type"]
    wrong = errors if isinstance(errors, dict) else {}
    most = spec.get("limits", {}).get("max_items", 99)
    wanted = max(FIRST_ROWS[kind], len(value), shown.rows.get(key, 0) + (key == shown.added))
    count = max(min(wanted, most), len(value))
    rows = [
        _Row(
            number,
            value[number - 1] if number <= len(value) else None,
            wrong.get(number - 1),
            focus=key == shown.added and number == count,
        )
        for number in range(1, count + 1)
    ]
    parts = [_row(shown, spec, row) for row in rows]
    return {
        "parts": parts,
        "add": translate(shown.profile.language, f"add_{ROWS[kind]}") if count < most else "",
    }


def _row(shown: FormValues, spec: Spec, row: _Row) -> Field:
    key, kind = spec["key"], spec["type"]
    title = translate(shown.profile.language, f"{ROWS[kind]}_n", number=row.number)
    errors = row.errors if isinstance(row.errors, list) else []
    if kind == "list_of_text":
        return Field(
            kind="text",
            name=key,
            id=f"{key}-{row.number}",
            label=title,
            errors=errors,
            value=_text(row.typed),
            focus=row.focus,
        )
    name = f"{key}.{row.number}"
    parts = _parts(shown, spec, name, row.typed, row.errors)
    if row.focus:
        parts[0] = replace(parts[0], focus=True)
    return Field(kind="composite", name=name, label=title, errors=errors, parts=parts)
