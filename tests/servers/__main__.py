"""`python -m tests.servers run -- COMMAND…`: run a command with RabbitMQ and PostgreSQL."""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.servers import AMQP_URL, POSTGRES_URL, Missing, postgresql, rabbitmq

USAGE = "usage: python -m tests.servers run -- COMMAND [ARGUMENT…]"


def main(arguments: list[str]) -> int:
    """Start the servers, run the command, stop them; return its exit code."""
    if arguments[:2] != ["run", "--"] or not arguments[2:]:
        print(USAGE, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="overture-servers-")))
        environment = dict(os.environ)
        try:
            if AMQP_URL not in environment:
                environment[AMQP_URL] = stack.enter_context(rabbitmq(_folder(folder, "mq"))).url
            if POSTGRES_URL not in environment:
                database = stack.enter_context(postgresql(_folder(folder, "pg"), fsync=False))
                environment[POSTGRES_URL] = database.url
        except Missing as missing:
            print(missing, file=sys.stderr)
            return 1
        return subprocess.run(arguments[2:], env=environment, check=False).returncode


def _folder(parent: Path, name: str) -> Path:
    (parent / name).mkdir()
    return parent / name


sys.exit(main(sys.argv[1:]))
