"""Files, names, imports: what the design says about the shape of the code, held as tests."""

import ast
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from shared.events import SERVICES
from tests.alike.sources import ROOT, modules, tree

CEILING = 250
LONGER = {"shared/events.py"}  # the vocabulary is one page: a reader must see it whole
MODULES_IN_A_FOLDER = 12
OURS = ("shared", "services", "infra", "tests")
NAMELESS = {"utils", "helpers", "common", "manager", "base", "data", "process"}
IN_EVERY_SERVICE = {
    "__init__.py",
    "commands.py",
    "erasure.py",
    "handlers.py",
    "migrations/env.py",
    "models/__init__.py",
}
START = "from services.{0} import create_app; print(create_app().name)"
FIRST_PROCESS = """
import runpy, sys
import gunicorn.app.wsgiapp
runpy.run_path("infra/gunicorn.conf.py")
print(sorted(name for name in {"flask", "sqlalchemy", "structlog"} & set(sys.modules)))
"""


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_with_only_shared_profiles_and_its_own_folder(
    service: str, tmp_path: Path
):
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "shared", tmp_path / "shared", ignore=skip)
    shutil.copytree(ROOT / "profiles", tmp_path / "profiles", ignore=skip)
    shutil.copytree(ROOT / "services" / service, tmp_path / "services" / service, ignore=skip)
    (tmp_path / "services" / "__init__.py").touch()

    started = subprocess.run(
        [sys.executable, "-c", START.format(service)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )

    assert started.stdout.strip() == f"services.{service}", started.stderr


def test_the_first_process_of_gunicorn_loads_no_framework_that_its_workers_load_again():
    ran = subprocess.run(
        [sys.executable, "-c", FIRST_PROCESS], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.stdout.strip() == "[]", ran.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_create_app_is_a_table_of_contents(service: str):
    body = tree(ROOT / "services" / service / "__init__.py").body
    (create,) = [node for node in body if isinstance(node, ast.FunctionDef)]
    assert create.end_lineno is not None
    assert 10 <= create.end_lineno - create.lineno + 1 <= 22


@pytest.mark.parametrize("service", SERVICES)
def test_the_services_have_the_same_files(service: str):
    folder = ROOT / "services" / service
    file_names = {str(file.relative_to(folder)) for file in folder.rglob("*.py")}
    assert file_names >= IN_EVERY_SERVICE


def test_imports_keep_their_direction():
    ran = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout


def test_no_folder_holds_more_modules_than_a_reader_keeps_in_mind():
    folders = Counter(
        str(file.parent.relative_to(ROOT))
        for file in modules("shared", "services", "infra")
        if file.name != "__init__.py" and file.parent.name != "versions"
    )
    assert {name for name, count in folders.items() if count > MODULES_IN_A_FOLDER} == set()


def test_no_file_grows_over_its_ceiling():
    long = {
        str(file.relative_to(ROOT))
        for file in modules(*OURS)
        if len(file.read_text(encoding="utf-8").splitlines()) > CEILING
    }
    assert long == LONGER


def test_no_module_has_a_name_that_says_nothing():
    paths = [file.relative_to(ROOT).with_suffix("") for file in modules(*OURS)]
    named = {part for path in paths for part in path.parts}
    assert not named & NAMELESS


def test_every_module_opens_with_a_sentence():
    files = [file for file in modules(*OURS) if file.read_text(encoding="utf-8").strip()]
    silent = [str(file.relative_to(ROOT)) for file in files if not ast.get_docstring(tree(file))]
    assert not silent


def test_no_test_imports_from_a_test_file():
    imports = [
        f"{file.relative_to(ROOT)}: {node.module}"
        for file in modules("tests")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ImportFrom) and ".test_" in f".{node.module}"
    ]
    assert imports == []
