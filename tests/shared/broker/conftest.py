"""The two brokers, RabbitMQ and the embedded one; each contract test runs on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu.connection import Connection

from shared.broker import topology
from shared.broker.connection import connect
from tests import servers
from tests.shared.broker import talk

BROKERS = ["embedded", pytest.param("rabbitmq", marks=pytest.mark.servers)]


@pytest.fixture
def rabbitmq() -> str:
    """The address of RabbitMQ in this test run."""
    found = servers.amqp_url()
    if found is None:
        pytest.skip("no RabbitMQ: run through `make test`, which starts one")
    return found


@pytest.fixture(params=BROKERS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty broker."""
    if request.param == "embedded":
        return f"sqlite:///{tmp_path}/broker.db"
    found: str = request.getfixturevalue("rabbitmq")
    talk.empty(found)
    return found


@pytest.fixture
def connection(url: str) -> Iterator[Connection]:
    with connect(url, name="test") as found:
        yield found


@pytest.fixture
def laid(url: str) -> str:
    """The address of a broker with all exchanges and queues."""
    with connect(url, name="test") as connection:
        topology.apply(connection)
    return url
