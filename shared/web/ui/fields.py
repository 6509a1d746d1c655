"""What the form macros read: one question of a page, as plain data.

The form engine builds these from the profile; `of` builds one from a WTForms field. The names under
which answers are posted are settled here, so that the page and whoever reads it agree:

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
    """The dashed "not sure" option: its label, what it promises, the thanks once it is chosen."""

    label: str
    promise: str
    thanks: str
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question as a page shows it. A dict or any object with these names does as well."""

    kind: str  # one of KINDS
    name: str  # under which the answer is posted; unique on the page
    label: str  # the question; legend of a group
    id: str = ""  # of its first control; made from the name where empty
    hint: str = ""
    errors: Sequence[str] = ()  # sentences that say what to do
    value: Any = ""  # as typed: text; list of values (multi); bool (consent); {"from", "to"}
    choices: Sequence[Any] = ()  # of single, select, multi: {value, label, hint?, exclusive?}
    parts: Sequence[Any] = ()  # fields: the parts (composite), or one a line (list) or row (rows)
    optional: bool = False
    not_sure: NotSure | None = None
    most: int | None = None  # characters that are accepted; None: no counter
    note: str = ""  # follows the counter, such as "Up to 40 fits on a badge."
    lines: int = 5  # of a long_text at first
    autocomplete: str = ""  # where the kind does not say it
    before: str = ""  # in front of the control, such as "$"
    after: str = ""  # behind it, such as "hours"
    add: str = ""  # list, rows: label of the button for one more; "" when there may be no more
    focus: bool = False  # takes the focus when the page opens: the row that was just added
    width: str = ""  # "short" for a few characters, "medium" for a name or an amount

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such kind of field: {self.kind}")


class Complaint(NamedTuple):
    """A line of the error summary: the id of the control it leads to, and what it says."""

    target: str
    text: str


def id_of(field: Any) -> str:
    """The id of a field: its own, or its name with dashes for dots and colons."""
    given = attribute(field, "id")
    return str(given or attribute(field, "name").replace(".", "-").replace(":", "-"))


def target(field: Any) -> str:
    """The id of the control that an error of this field leads to."""
    parts = attribute(field, "parts") or ()
    if parts:
        wrong = [part for part in parts if complaints([part])]
        return target((wrong or list(parts))[0])
    return f"{id_of(field)}-add" if attribute(field, "kind") in ("list", "rows") else id_of(field)


def complaints(fields: Iterable[Any], *, lead: str = "") -> list[Complaint]:
    """A line for every error, in page order: the label, then what to do; `lead` names the row."""
    found = []
    for field in map(as_field, fields):
        label = f"{lead}{attribute(field, 'label')}"
        for error in attribute(field, "errors") or ():
            found.append(Complaint(target(field), _with_label(label, error)))
        parts = attribute(field, "parts") or ()
        if attribute(field, "kind") == "rows":
            for row in parts:
                said = [
                    _with_label(attribute(row, "label"), error)
                    for error in attribute(row, "errors") or ()
                ]
                found += [Complaint(target(row), text) for text in said]
                found += complaints(attribute(row, "parts"), lead=f"{attribute(row, 'label')}, ")
        else:
            found += complaints(parts, lead=lead)
    return found


def as_field(given: Any) -> Any:
    """What the macros work on: the thing itself where it has a `kind`, else made from WTForms."""
    has_kind = "kind" in given if isinstance(given, dict) else hasattr(given, "kind")
    return given if has_kind else of(given)


def of(given: Any, **changes: Any) -> Field:
    """A WTForms field as a Field; `changes` win, as in `of(form.code, kind="code")`.

    `description` becomes the hint; a field without a required flag is marked optional.
    """
    kind = _KIND_OF.get(given.type, "text")
    described: dict[str, Any] = {
        "kind": kind,
        "name": given.name,
        "id": given.id,
        "label": str(given.label.text),
        "hint": str(given.description),
        "errors": list(given.errors),
        "value": _value(given, kind),
        "choices": _choices(given, kind),
        "optional": kind != "consent" and not given.flags.required,
        "lines": (given.render_kw or {}).get("rows", 5),
    }
    return Field(**described | changes)


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


def _value(given: Any, kind: str) -> Any:
    if kind in ("single", "select", "multi", "consent"):
        return given.data
    return "" if kind in ("password", "file") else given._value()


def _choices(given: Any, kind: str) -> list[dict[str, str]]:
    if kind not in ("single", "select", "multi"):
        return []
    offered = given.iter_choices()
    return [{"value": str(choice.value), "label": str(choice.label)} for choice in offered]


def _with_label(label: str, error: str) -> str:
    if getattr(error, "names_question", False):
        return error
    return f"{label} {error}" if label.endswith(("?", ".", ":", "!")) else f"{label}: {error}"


def attribute(field: Any, name: str) -> Any:
    """What a field has under this name, be it a dict or an object; None where it has nothing."""
    return field.get(name) if isinstance(field, dict) else getattr(field, name, None)
