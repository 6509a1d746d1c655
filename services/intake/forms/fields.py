"""The questions of a page as fields for the form macros: wording, typed answers, errors."""

from dataclasses import replace
from typing import Any, NamedTuple

from marshmallow import ValidationError

from services.intake.forms.choices import choices
from services.intake.forms.conditions import hint_of
from services.intake.labels import translate
from shared.dates import month_or_day
from shared.profile import Profile
from shared.profile.answers import values
from shared.profile.labels import label
from shared.profile.roles import only_choice
from shared.web.ui.fields import Field, NotSure

Spec = dict[str, Any]

MANY_CHOICES = 8  # more choices become a select
KINDS = {"list_of_text": "list", "people": "rows", "organizations": "rows"}
ROWS = {"list_of_text": "line", "people": "person", "organizations": "organization"}
FIRST_ROWS = {"list_of_text": 3, "people": 0, "organizations": 1}
COMPLETES = {  # the autocomplete attribute, by the role of the question
    "contact_name": "name",
    "contact": "email",
    "organization": "organization",
}


class FormValues(NamedTuple):
    """What a page shows in its controls, by key.

    `errors` are messages as marshmallow gives them. `rows` is how many rows to show of a list;
    `added` is the list that just got one more.
    """

    profile: Profile  # in the language of the page
    branch: str
    typed: Spec
    not_sure: list[str]
    errors: Spec = {}
    rows: dict[str, int] = {}
    added: str = ""


def fields_of(form: FormValues, questions: list[Spec]) -> list[Field]:
    """A field for each question, in order."""
    return [_question(form, spec, questions) for spec in questions]


def _question(form: FormValues, spec: Spec, neighbors: list[Spec]) -> Field:
    key = spec["key"]
    value = form.typed.get(key, spec.get("default"))
    hint = hint_of(form.profile, spec, form.branch, neighbors)
    attributes = _attributes(form, spec, key, value, form.errors.get(key))
    if spec["type"] == "phone":  # of the contact; other people are in rows, as parts
        attributes["autocomplete"] = "tel"
    need = form.profile.need(spec, form.branch)
    attributes |= {"hint": hint, "optional": need == "optional" and spec["type"] != "consent"}
    if need == "or_not_sure" or (need == "optional" and spec.get("not_sure")):
        attributes["not_sure"] = _not_sure(form, key)
    if attributes["kind"] in ("list", "rows"):
        attributes |= _rows(form, spec, value or [], form.errors.get(key))
    return Field(**attributes)


def _not_sure(form: FormValues, key: str) -> NotSure:
    texts = form.profile.page("form", form.profile.language)
    return NotSure(
        form.profile.wording["not_sure"],
        texts["not_sure_hint"],
        texts["not_sure_thanks"],
        chosen=key in form.not_sure,
    )


def _attributes(form: FormValues, spec: Spec, name: str, value: Any, errors: Any) -> Spec:
    """The attributes that questions and their parts have in common."""
    kind = KINDS.get(str(spec["type"]), str(spec["type"]))
    attributes: Spec = {
        "kind": kind,
        "name": name,
        "label": label(spec, form.branch),
        "errors": errors if isinstance(errors, list) else [],
        "value": _as_typed(kind, value, form.profile.language),
        "autocomplete": COMPLETES.get(spec.get("role", ""), ""),
    }
    if kind in ("single", "multi"):
        attributes |= _choices(form, spec, value)
    if kind == "composite":
        attributes["parts"] = _parts(form, spec, name, value, errors)
    if kind == "money" and form.profile.institution["currency"] == "USD":
        attributes["before"] = "$"
    if kind == "long_text" or "note_at" in spec.get("limits", {}):
        attributes["most"] = spec.get("limits", {}).get("max_chars")
    return attributes


def _as_typed(kind: str, value: Any, language: str) -> Any:
    """The value for the control; of a list in place of one value, the first. A month that was
    understood is shown in words, which mean the same when they are posted again.
    """
    if kind in ("multi", "composite", "list", "rows"):
        return value if isinstance(value, list) else []
    if kind == "consent":
        return value is True
    if kind == "integer_range":
        ends = value if isinstance(value, dict) else {"from": value}
        return {end: _text(ends.get(end)) for end in ("from", "to")}
    if kind == "date_or_month" and _is_date(value):
        return month_or_day(value, language)
    return _text(value[0] if isinstance(value, list) else value)


def _is_date(value: Any) -> bool:
    try:
        return bool(values.date_or_month({}, value) == value)
    except ValidationError:
        return False


def _text(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _choices(form: FormValues, spec: Spec, value: Any) -> Spec:
    """The choices; for an optional question with an answer, also "No answer"."""
    offered = choices(form.profile, spec, form.branch, chosen=value)
    if spec["type"] == "multi":
        return {"choices": offered}
    listed = len(offered) > MANY_CHOICES
    need = form.profile.need(spec, form.branch)
    if value and need == "optional":
        offered = [*offered, {"value": "", "label": translate(form.profile.language, "no_answer")}]
    return {"choices": offered, "kind": "select" if listed else "single"}


def _parts(form: FormValues, spec: Spec, name: str, value: Any, errors: Any) -> list[Field]:
    answers = value if isinstance(value, dict) else {}
    messages = errors if isinstance(errors, dict) else {}
    fields = []
    for part in spec["parts"]:
        if form.profile.need(part, form.branch) == "absent":
            continue
        if only_choice(form.profile, part, form.branch):
            continue
        key = part["name"]
        attributes = _attributes(form, part, f"{name}.{key}", answers.get(key), messages.get(key))
        attributes["hint"] = hint_of(form.profile, part, form.branch, spec["parts"])
        attributes["optional"] = not part.get("required") and part["type"] != "consent"
        fields.append(Field(**attributes))
    return fields


class _Row(NamedTuple):
    number: int
    typed: Any
    errors: Any
    focus: bool


def _rows(form: FormValues, spec: Spec, value: list[Any], errors: Any) -> Spec:
    """The rows with their values, as many empty ones as before, and the button for one more."""
    key, kind = spec["key"], spec["type"]
    messages = errors if isinstance(errors, dict) else {}
    most = spec.get("limits", {}).get("max_items", 99)
    rows_wanted = max(FIRST_ROWS[kind], len(value), form.rows.get(key, 0) + (key == form.added))
    count = max(min(rows_wanted, most), len(value))
    rows = [
        _Row(
            number,
            value[number - 1] if number <= len(value) else None,
            messages.get(number - 1),
            focus=key == form.added and number == count,
        )
        for number in range(1, count + 1)
    ]
    parts = [_row(form, spec, row) for row in rows]
    return {
        "parts": parts,
        "add": translate(form.profile.language, f"add_{ROWS[kind]}") if count < most else "",
    }


def _row(form: FormValues, spec: Spec, row: _Row) -> Field:
    key, kind = spec["key"], spec["type"]
    title = translate(form.profile.language, f"{ROWS[kind]}_n", number=row.number)
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
    parts = _parts(form, spec, name, row.typed, row.errors)
    if row.focus:
        parts[0] = replace(parts[0], focus=True)
    return Field(kind="composite", name=name, label=title, errors=errors, parts=parts)
