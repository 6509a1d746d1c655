"""States are members of a StrEnum: no state is compared with or set to a string in code."""

import ast
from collections.abc import Iterator

import pytest

from tests.alike.sources import ROOT, modules, tree

# Folders whose states are members already. Add a folder here once its own are.
CLEAN = (
    "services/intake",
    "services/review",
    "services/notify",
    "shared/db",
    "shared/inbox",
    "shared/mails",
    "shared/outbox",
    "shared/profile",
)
STATES = {"state", "from_state", "to_state", "status", "outcome", "purpose", "on_doubt"}
METHODS = {"in_", "not_in", "is_", "is_not", "like"}  # comparisons that SQLAlchemy names

FORBIDDEN = """
case.state == "triage"
"triage" != case.state
data["state"] in ("sent", "queued")
data.get("state") == "sent"
row.state not in {Sent, "queued"}
Case.state.in_(["open", "over"])
case.state = "erased"
case.state, case.title = "erased", ""
case.state = "open" if fresh else "over"
row["state"] = "open"
find(session, state="open")
data = {"state": "retired"}
def find(session, state="open"): ...
def find(session, *, state="open"): ...
state = "open"
""".strip().splitlines()
ALLOWED = """
case.state == CaseState.TRIAGE
case.state in OPEN
data = {"state": state, "title": "open"}
form.status_code == 303
case.title = "state"
case.state = CaseState.ERASED
find(session, state=CaseState.TRIAGE, title="triage")
response.status = 404
labels = {"open": "Open"}
mail.state = ""
""".strip().splitlines()


def strings_for_states(node: ast.AST) -> Iterator[int]:
    """The lines on which a state meets a string."""
    for part in ast.walk(node):
        yield from {value.lineno for value in _values_beside_a_state(part) if _is_literal(value)}


def _values_beside_a_state(node: ast.AST) -> list[ast.expr]:
    """What this node compares with a state, or makes a state."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        return sides if any(_is_state(side) for side in sides) else []
    if isinstance(node, ast.Assign):
        return [value for target in node.targets for value in _assigned(target, node.value)]
    if isinstance(node, ast.Call):
        return _passed(node)
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [value for key, value in pairs if key is not None and _names_state(key)]
    if isinstance(node, ast.arguments):
        return _defaults(node)
    return []


def _assigned(target: ast.expr, value: ast.expr) -> list[ast.expr]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = zip(target.elts, value.elts, strict=False)
        return [one for inner, to in pairs for one in _assigned(inner, to)]
    return [value] if _is_state(target) else []


def _passed(call: ast.Call) -> list[ast.expr]:
    passed = [keyword.value for keyword in call.keywords if keyword.arg in STATES]
    compares = isinstance(call.func, ast.Attribute) and call.func.attr in METHODS
    if compares and isinstance(call.func, ast.Attribute) and _is_state(call.func.value):
        passed += call.args
    return passed


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    positional = [*arguments.posonlyargs, *arguments.args]
    first = len(positional) - len(arguments.defaults)
    names = [*positional[first:], *arguments.kwonlyargs]
    values = [*arguments.defaults, *arguments.kw_defaults]
    pairs = zip(names, values, strict=True)
    return [value for name, value in pairs if name.arg in STATES and value is not None]


def _is_state(node: ast.expr) -> bool:
    """`x.state`, `x["state"]`, `x.get("state")` or a variable of this name."""
    if isinstance(node, ast.Attribute):
        return node.attr in STATES
    if isinstance(node, ast.Name):
        return node.id in STATES
    if isinstance(node, ast.Subscript):
        return _names_state(node.slice)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "get" and bool(node.args) and _names_state(node.args[0])
    return False


def _names_state(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in STATES


def _is_literal(node: ast.expr) -> bool:
    """A string that says something, also one of several or one of two."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(_is_literal(one) for one in node.elts)
    if isinstance(node, ast.IfExp):
        return _is_literal(node.body) or _is_literal(node.orelse)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != ""


@pytest.mark.parametrize("line", FORBIDDEN)
def test_the_rule_finds_a_string_where_a_state_belongs(line: str):
    assert list(strings_for_states(ast.parse(line)))


@pytest.mark.parametrize("line", ALLOWED)
def test_the_rule_leaves_members_and_other_strings_alone(line: str):
    assert list(strings_for_states(ast.parse(line))) == []


@pytest.mark.parametrize("folder", CLEAN)
def test_no_state_is_compared_with_or_set_to_a_string(folder: str):
    lines = [(file, line) for file in modules(folder) for line in strings_for_states(tree(file))]
    assert [f"{file.relative_to(ROOT)}:{line}" for file, line in lines] == []
