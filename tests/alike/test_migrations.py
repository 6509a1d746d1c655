"""The chain of migrations of each service ends at the tables that its code works with."""

import re
from importlib import import_module
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from shared import db, migrations, tables
from shared.events import SERVICES
from shared.migrations import chain
from tests.alike.sources import ROOT


def steps_of(service: str) -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "services" / service / "migrations"))
    return ScriptDirectory.from_config(config)


@pytest.mark.parametrize("service", SERVICES)
def test_the_chain_has_one_head_and_its_files_are_numbered_sentences(service: str):
    steps = steps_of(service)
    assert len(steps.get_heads()) == 1
    for step in steps.walk_revisions():
        file = step.path.rsplit("/", 1)[-1]
        assert re.fullmatch(r"\d{4}_[a-z_]+\.py", file) and file.startswith(step.revision), file
        assert step.doc, file


def beside_no_search(name: str | None, kind: str, parents: Any) -> bool:
    """The index of words differs between the databases, so that no model can say it."""
    return not (name or "").startswith("case_search")


@pytest.mark.parametrize("service", SERVICES)
def test_the_migrated_database_has_the_tables_of_the_models(service: str, apps: dict[str, Flask]):
    models = import_module(f"services.{service}.models").Base.metadata
    wanted: Any = [tables.Base.metadata, models]
    with apps[service].app_context(), db.database().engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": beside_no_search})
        assert compare_metadata(context, wanted) == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_second_upgrade_changes_nothing(service: str, apps: dict[str, Flask]):
    with apps[service].app_context():
        chain.upgrade()
        with db.read() as session:
            assert migrations.missing(session) == ""
