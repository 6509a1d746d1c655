"""Private RabbitMQ and PostgreSQL servers for tests, on free loopback ports.

`python -m tests.servers run -- COMMAND` starts one of each and passes their addresses to COMMAND in
OVERTURE_TEST_AMQP_URL and OVERTURE_TEST_POSTGRES_URL; afterwards it stops them. Tests that kill a
server start their own with `rabbitmq(folder)` and `postgresql(folder)`.
"""

import os

from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.nginx import Nginx, nginx
from tests.servers.postfix import Postfix, postfix
from tests.servers.postgresql import PostgreSQL, postgresql
from tests.servers.programs import Missing
from tests.servers.rabbitmq import RabbitMQ, rabbitmq

AMQP_URL = "OVERTURE_TEST_AMQP_URL"
POSTGRES_URL = "OVERTURE_TEST_POSTGRES_URL"

__all__ = [
    "AMQP_URL",
    "POSTGRES_URL",
    "Dovecot",
    "Missing",
    "Nginx",
    "Postfix",
    "PostgreSQL",
    "RabbitMQ",
]
__all__ += ["amqp_url", "dovecot", "nginx", "postfix", "postgresql", "rabbitmq"]


def amqp_url() -> str | None:
    """The RabbitMQ of this test run, with a virtual host for this test worker; None without one.

    All workers share an address without {worker}; run the tests one after another then.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = os.environ.get(AMQP_URL)
    return url.replace("{worker}", worker) if url else None
