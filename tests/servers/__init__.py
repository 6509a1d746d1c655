"""Private RabbitMQ and PostgreSQL for tests: on loopback, on free ports, gone when they are ended.

`python -m tests.servers run -- COMMAND` starts one of each, tells their addresses to COMMAND in
OVERTURE_TEST_AMQP_URL and OVERTURE_TEST_POSTGRES_URL, and ends them. Tests that kill a server start
their own with `rabbitmq(folder)` and `postgresql(folder)`.
"""

import os

from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.postfix import Postfix, postfix
from tests.servers.postgresql import PostgreSQL, postgresql
from tests.servers.programs import Missing
from tests.servers.rabbitmq import RabbitMQ, rabbitmq

AMQP_URL = "OVERTURE_TEST_AMQP_URL"
POSTGRES_URL = "OVERTURE_TEST_POSTGRES_URL"

__all__ = ["AMQP_URL", "POSTGRES_URL", "Dovecot", "Missing", "Postfix", "PostgreSQL", "RabbitMQ"]
__all__ += ["amqp_url", "dovecot", "postfix", "postgresql", "rabbitmq"]


def amqp_url() -> str | None:
    """The RabbitMQ of this test run, with a virtual host of this test worker's own; None without.

    An address without {worker} in it is shared by all workers: then run them one after another.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = os.environ.get(AMQP_URL)
    return url.replace("{worker}", worker) if url else None
