"""Shared fixtures: apps with their own databases, on SQLite or a real PostgreSQL."""

import gc
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.apps import POSTGRESQL, Suite, close, close_made, empty, migrate, three_databases
from tests.browser.chromium import started
from tests.servers import POSTGRES_URL, Missing

LEFT_OUT_OF_CHECK = (  # each takes seconds; `make test` runs them all
    "tests/hostile/",
    "tests/infra/test_crowd.py",
    "tests/infra/test_mailbox.py",
    "tests/intake/routes/test_pages_fuzzed.py",
    "tests/notify/sending/test_unconfirmed_mail.py",
    "tests/notify/composing/test_hostile_mail.py",
    "tests/notify/sending/test_lanes.py",
    "tests/notify/sending/test_domain_limits.py",
    "tests/notify/sending/test_sending.py",
    "tests/notify/smtp/test_breaks.py",
    "tests/shared/broker/test_consumer.py",
    "tests/shared/broker/test_delivery.py",
    "tests/shared/broker/test_hostile_messages.py",
    "tests/shared/profile/answers/test_rules.py",
    "tests/shared/profile/test_effort.py",
    "tests/shared/profile/test_json_schema.py",
)

gc.set_threshold(100_000, 20, 100)  # tests create thousands of apps; this saves a tenth of the time


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark slow files in one place, so that a reader sees what `make check` leaves out."""
    for item in items:
        if item.nodeid.startswith(LEFT_OUT_OF_CHECK):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def migrated_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three migrated SQLite files, made once and then copied."""
    folder = tmp_path_factory.mktemp("migrated")
    migrate(f"sqlite:///{folder}/{{service}}.db")
    return folder


@pytest.fixture(scope="session")
def migrated_cluster() -> Iterator[str]:
    """The address of three PostgreSQL databases, migrated once and shared by tests in turn."""
    url = os.environ.get(POSTGRES_URL)
    if not url:
        pytest.skip("no PostgreSQL: run through `make test`, which starts one")
    with three_databases(url) as made:
        yield made


@pytest.fixture(params=["sqlite", POSTGRESQL])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address, with {service} in it, of databases with only the profile, of both kinds."""
    if request.param == "sqlite":
        for file in request.getfixturevalue("migrated_files").glob("*.db"):
            shutil.copy(file, tmp_path)
        return f"sqlite:///{tmp_path}/{{service}}.db"
    url: str = request.getfixturevalue("migrated_cluster")
    empty(url)
    return url


@pytest.fixture
def apps(database: str, tmp_path: Path) -> Iterator[Mapping[str, Flask]]:
    """The three services with the example profile; no broker, no worker."""
    suite = Suite(DATABASE_URL=database, RUN_DIR=str(tmp_path / "run"))
    yield suite
    for app in suite.made.values():
        close(app)


@pytest.fixture(autouse=True)
def no_database_stays_open() -> Iterator[None]:
    """A connection that is left open would be reported in whichever test runs next."""
    yield
    close_made()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this process; each test opens its own windows."""
    with ExitStack() as stack:
        try:
            browser = stack.enter_context(started())
        except Missing as missing:
            pytest.skip(str(missing))
        yield browser
