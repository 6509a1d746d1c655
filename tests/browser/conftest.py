"""Fixtures of the browser tests: the running suite in one mode or both."""

from collections.abc import Iterator

import pytest

from tests.browser import suite as suites
from tests.browser.suite import Suite


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """The suite as `make demo` starts it; tests share it and send their own ideas."""
    with suites.started("embedded", tmp_path_factory.mktemp("embedded")) as suite:
        yield suite


@pytest.fixture(scope="session")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """The suite on RabbitMQ and PostgreSQL."""
    with suites.started("production", tmp_path_factory.mktemp("production")) as suite:
        yield suite


@pytest.fixture(params=["embedded", pytest.param("production", marks=pytest.mark.servers)])
def suite(request: pytest.FixtureRequest) -> Suite:
    """The suite in both modes, one after the other."""
    found: Suite = request.getfixturevalue(request.param)
    return found
