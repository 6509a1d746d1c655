"""What the source never does, so that no page, mail or event can run what somebody typed.

Each exception was read and is listed with its line. A new one fails here until it was read too.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jinja2 import Environment

from infra.mailbox import create_app as create_mailbox
from services.notify.composing import rendering
from shared.events import SERVICES
from tests.alike.sources import ROOT, modules, tree
from tests.apps import make

OURS = ("shared", "services", "infra")
UNESCAPED = {
    ("services/intake/templates/intake/status.html", '"<br>"|safe'),
    ("services/notify/templates/notify/mail.html", '"&#847;&zwnj;&nbsp;"|safe'),
    ("shared/web/ui/filters.py", "Markup('<bdi>{}</bdi>')"),
    ("shared/web/ui/filters.py", "Markup()"),
}
BUILT_SQL = {  # each from constants of ours: states, columns, pragmas, a channel
    ("services/notify/inbound/archive.py", "literal_column(f\"'{OnDoubt.VERIFY}'\")"),
    ("services/notify/models/__init__.py", "text(where)"),
    ("services/review/models/cases.py", "text(where)"),
    ("shared/db/engines.py", "cursor.execute(f'PRAGMA {pragma}')"),
    ("shared/migrations/chain.py", "sa.text(condition)"),
    ("shared/db/__init__.py", "text(f'LISTEN \"{channel}\"')"),
}
RUNS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "render_template_string",
        "yaml.load", "marshal.loads", "pickle.loads", "pickle.load"}  # fmt: skip
UNSAFE_MODULES = {"pickle", "marshal", "shelve", "telnetlib", "xml.sax", "xml.etree", "xml.dom"}
ASKS_OTHERS = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "urllib3", "ftplib"}
WEAK = {"md5", "sha1", "new", "uuid1", "uuid3"}
SPREADS_LOAD = {"shared/worker/loops.py", "shared/broker/consumer.py", "shared/inbox/retries.py"}
SQL = {"text", "literal_column", "execute", "executemany", "executescript", "exec_driver_sql"}
PATTERN = {"compile", "match", "fullmatch", "search", "sub", "split", "findall", "finditer"}

Rule = Callable[[ast.Module], Iterator[str]]


def calls(module: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(module) if isinstance(node, ast.Call))


def imported(module: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def is_ours(value: ast.expr) -> bool:
    """Whether a text was written by us: a literal, or put together of constants in capitals."""
    if isinstance(value, ast.JoinedStr):
        parts = [part.value for part in value.values if isinstance(part, ast.FormattedValue)]
        return all(is_ours(part) for part in parts)
    return isinstance(value, ast.Constant) or (isinstance(value, ast.Name) and value.id.isupper())


def unescaped(module: ast.Module) -> Iterator[str]:
    for call in calls(module):
        if ast.unparse(call.func).split(".")[-1] in ("Markup", "HTMLString"):
            yield ast.unparse(call)


def runs_text(module: ast.Module) -> Iterator[str]:
    yield from imported(module) & UNSAFE_MODULES
    for call in calls(module):
        name = ast.unparse(call.func)
        if name in RUNS or name.endswith("from_string"):
            yield ast.unparse(call)
        if any(key.arg == "shell" and ast.unparse(key.value) != "False" for key in call.keywords):
            yield ast.unparse(call)


def built_sql(module: ast.Module) -> Iterator[str]:
    takes_text = any(name in imported(module) for name in ("sqlalchemy.text", "sqlalchemy"))
    for call in calls(module):
        name = ast.unparse(call.func).split(".")[-1]
        if name not in SQL or not call.args or (name == "text" and not takes_text):
            continue
        said = call.args[0]
        is_text = isinstance(said, ast.JoinedStr | ast.BinOp) or ".format(" in ast.unparse(said)
        if is_text or (name in ("text", "literal_column") and not isinstance(said, ast.Constant)):
            yield ast.unparse(call)


def typed_patterns(module: ast.Module) -> Iterator[str]:
    for call in calls(module):
        name = ast.unparse(call.func)
        if name.startswith("re.") and name[3:] in PATTERN and not is_ours(call.args[0]):
            yield ast.unparse(call)


def asks_others(module: ast.Module) -> Iterator[str]:
    yield from imported(module) & ASKS_OTHERS


def weak_secrets(module: ast.Module) -> Iterator[str]:
    yield from imported(module) & {"random"}
    for call in calls(module):
        owner, _, name = ast.unparse(call.func).rpartition(".")
        if name in WEAK and owner in ("hashlib", "uuid"):
            yield ast.unparse(call)


def found(rule: Rule, *folders: str) -> set[tuple[str, str]]:
    files = modules(*folders)
    assert len(files) > 20
    return {
        (file.relative_to(ROOT).as_posix(), said) for file in files for said in rule(tree(file))
    }


BAD = [
    (unescaped, "from markupsafe import Markup\nMarkup(typed)"),
    (runs_text, "eval(typed)"),
    (runs_text, "import pickle"),
    (runs_text, "subprocess.run(typed, shell=True)"),
    (runs_text, "app.jinja_env.from_string(typed)"),
    (built_sql, "from sqlalchemy import text\ntext(f'SELECT {typed}')"),
    (built_sql, "from sqlalchemy import text\nsession.execute(text(typed))"),
    (built_sql, "link.execute('SELECT ' + typed)"),
    (built_sql, "link.execute('SELECT {}'.format(typed))"),
    (typed_patterns, "re.search(typed, line)"),
    (typed_patterns, "re.compile(f'^{typed}$')"),
    (asks_others, "from urllib.request import urlopen"),
    (weak_secrets, "import random"),
    (weak_secrets, "hashlib.md5(b'x')"),
]


@pytest.mark.parametrize(("rule", "source"), BAD, ids=[source for _, source in BAD])
def test_a_rule_finds_what_it_is_for(rule: Rule, source: str):
    assert list(rule(ast.parse(source)))


def unescaped_in_templates() -> set[tuple[str, str]]:
    """Each `|safe` with the text before it, each change of autoescape."""
    pages = [file for folder in OURS for file in (ROOT / folder).rglob("templates/**/*.*")]
    assert len(pages) > 50
    safe = re.compile(r"[^\s({]+\s*\|\s*(?:safe|forceescape)\b|\{%-?\s*autoescape.*?%\}")
    return {
        (file.relative_to(ROOT).as_posix(), each.group())
        for file in pages
        if file.suffix in (".html", ".svg", ".txt")
        for each in safe.finditer(file.read_text(encoding="utf-8"))
    }


def test_no_text_is_shown_unescaped_but_these_of_ours():
    assert unescaped_in_templates() | found(unescaped, *OURS) == UNESCAPED


def environments(file: Path) -> dict[str, Environment]:
    services = {service: make(service).jinja_env for service in SERVICES}
    made = create_mailbox(file).jinja_env
    return services | {"the mails": rendering._PAGES, "the mailbox of the demo": made}


def test_every_template_is_escaped(tmp_path: Path):
    seen = 0
    for jinja in environments(tmp_path / "mailbox.db").values():
        for name in jinja.list_templates():
            escapes = jinja.autoescape
            assert escapes(name) if callable(escapes) else escapes, name
            seen += 1
    assert seen > 50


def test_nothing_runs_a_text():
    assert found(runs_text, "shared", "services") == set()


def test_no_query_is_put_together_from_text_but_these_of_ours():
    assert found(built_sql, "shared", "services") == BUILT_SQL


def test_no_pattern_comes_from_what_somebody_typed():
    assert found(typed_patterns, "shared", "services") == set()


def test_no_service_opens_an_address_that_somebody_typed():
    assert found(asks_others, "shared", "services") == set()


def test_no_secret_comes_from_a_weak_source():
    weak = found(weak_secrets, "shared", "services")
    assert weak == {(file, "random") for file in SPREADS_LOAD}


def test_every_library_is_locked_with_its_hash():
    for lock in ("run", "dev"):
        text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
        libraries = re.findall(r"^[a-zA-Z0-9].*(?:\n    --hash=\S+.*)*", text, re.MULTILINE)
        assert len(libraries) > 20
        assert [one for one in libraries if "==" not in one or "--hash=sha256:" not in one] == []
    installs = (ROOT / "infra" / "environment.sh").read_text(encoding="utf-8")
    assert installs.count("--require-hashes") == 2
