"""The data of the form macros: one question of a page.

The form engine builds these from the profile; `of` builds one from a WTForms field. This page
defines the names of posted answers for templates and parsers:

    one value            <name>                  text, radio group, select, consent ("yes")
    several              <name>, repeated        checkboxes; each line of a `list`
    a part               <part's own name>       composite, and each row of `rows`: the maker names
                                                 them, such as place.off_campus or team.2.email
    a range              <name>.from, <name>.to
    not sure             <name>.not_sure = yes   of a radio group: <name> = NOT_SURE, so that
                                                 choosing it lets go of the other choices
    add or remove a row  add = <name>            remove = <name>:<row, from 1>
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

NOT_SURE = "~not_sure"  # no choice of a profile can have this value

ONE_LINE = ("text", "email", "phone", "url", "number", "money", "date_or_month", "date")
SECRET = ("code", "password", "hidden")
OTHER = ("long_text", "search", "select", "file")
GROUPS = ("single", "multi", "consent", "integer_range", "composite", "list", "rows")
KINDS = frozenset((*ONE_LINE, *SECRET, *OTHER, *GROUPS))


class NotSure(NamedTuple):
    """The dashed "not sure" option: label, promise, and the thanks shown once it is chosen."""

    label: str
    promise: str
    thanks: str
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question of a page. A dict or object with the same names works too."""

    kind: str  # one of KINDS
    name: str  # of the posted answer; unique on the page
    label: str  # the question; legend of a group
    id: str = ""  # of its first control; made from the name if empty
    hint: str = ""
    errors: Sequence[str] = ()  # sentences that say what to do
    value: Any = ""  # as typed: text; list of values (multi); bool (consent); {"from", "to"}
    choices: Sequence[Any] = ()  # of single, select, multi: {value, label, hint?, exclusive?}
    parts: Sequence[Any] = ()  # fields: the parts (composite), or one a line (list) or row (rows)
    optional: bool = False
    not_sure: NotSure | None = None
    most: int | None = None  # accepted characters; None: no counter
    note: str = ""  # after the counter, such as "Up to 40 fits on a badge."
    lines: int = 5  # of a long_text
    autocomplete: str = ""  # if the kind does not set it
    before: str = ""  # before the control, such as "$"
    after: str = ""  # after the control, such as "hours"
    add: str = ""  # list, rows: label of the add button; "" at the limit
    focus: bool = False  # gets the focus when the page opens, such as a row just added
    width: str = ""  # "short" for a few characters, "medium" for a name or an amount

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such kind of field: {self.kind}")


class SummaryLine(NamedTuple):
    """A line of the error summary: the id of the control it links to, and its text."""

    target: str
    text: str


def id_of(field: Any) -> str:
    """The id of a field: its own, or its name with dashes for dots and colons."""
    own = attribute(field, "id")
    return str(own or attribute(field, "name").replace(".", "-").replace(":", "-"))


def target(field: Any) -> str:
    """The id of the control that an error of this field links to."""
    parts = attribute(field, "parts") or ()
    if parts:
        wrong = [part for part in parts if summary_lines([part])]
        return target((wrong or list(parts))[0])
    return f"{id_of(field)}-add" if attribute(field, "kind") in ("list", "rows") else id_of(field)


def summary_lines(fields: Iterable[Any], *, lead: str = "") -> list[SummaryLine]:
    """A line for every error in page order, with the label if needed; `lead` names the row."""
    lines = []
    for field in map(as_field, fields):
        label = f"{lead}{attribute(field, 'label')}"
        for error in attribute(field, "errors") or ():
            lines.append(SummaryLine(target(field), _with_label(label, error)))
        parts = attribute(field, "parts") or ()
        if attribute(field, "kind") == "rows":
            for row in parts:
                texts = [
                    _with_label(attribute(row, "label"), error)
                    for error in attribute(row, "errors") or ()
                ]
                lines += [SummaryLine(target(row), text) for text in texts]
                lines += summary_lines(attribute(row, "parts"), lead=f"{attribute(row, 'label')}, ")
        else:
            lines += summary_lines(parts, lead=lead)
    return lines


def as_field(field: Any) -> Any:
    """The field for the macros: unchanged if it has a `kind`, else built from a WTForms field."""
    has_kind = "kind" in field if isinstance(field, dict) else hasattr(field, "kind")
    return field if has_kind else of(field)


def of(field: Any, **changes: Any) -> Field:
    """A WTForms field as a Field; `changes` win, as in `of(form.code, kind="code")`.

    `description` becomes the hint; a field without a required flag is marked optional.
    """
    kind = _KIND_OF.get(field.type, "text")
    data: dict[str, Any] = {
        "kind": kind,
        "name": field.name,
        "id": field.id,
        "label": str(field.label.text),
        "hint": str(field.description),
        "errors": list(field.errors),
        "value": _value(field, kind),
        "choices": _choices(field, kind),
        "optional": kind != "consent" and not field.flags.required,
        "lines": (field.render_kw or {}).get("rows", 5),
        "autocomplete": (field.render_kw or {}).get("autocomplete", ""),
    }
    return Field(**data | changes)


_KIND_OF = {
    "TextAreaField": "long_text",
    "EmailField": "email",
    "TelField": "phone",
    "URLField": "url",
    "IntegerField": "number",
    "DecimalField": "number",
    "DateField": "date",
    "PasswordField": "password",
    "SearchField": "search",
    "RadioField": "single",
    "SelectField": "select",
    "SelectMultipleField": "multi",
    "BooleanField": "consent",
    "FileField": "file",
    "HiddenField": "hidden",
    "CSRFTokenField": "hidden",
}


def _value(field: Any, kind: str) -> Any:
    if kind in ("single", "select", "multi", "consent"):
        return field.data
    return "" if kind in ("password", "file") else field._value()


def _choices(field: Any, kind: str) -> list[dict[str, str]]:
    if kind not in ("single", "select", "multi"):
        return []
    offered = field.iter_choices()
    return [{"value": str(choice.value), "label": str(choice.label)} for choice in offered]


def _with_label(label: str, error: str) -> str:
    if getattr(error, "names_question", False):
        return error
    return f"{label} {error}" if label.endswith(("?", ".", ":", "!")) else f"{label}: {error}"


def attribute(field: Any, name: str) -> Any:
    """The attribute of a dict or object; None if it has none."""
    return field.get(name) if isinstance(field, dict) else getattr(field, name, None)
