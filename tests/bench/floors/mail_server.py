"""A mail server that accepts all and writes down who got a mail when: PORT LEDGER."""

import signal
import sys
import threading
import time
from pathlib import Path

from tests.smtp_sink import Accepted, Server, serving


def main(port: int, ledger: Path) -> None:
    """Serve until SIGTERM."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with ledger.open("a", buffering=1, encoding="utf-8") as lines:

        def keep(mail: Accepted) -> None:
            lines.write(f"{mail.recipient} {time.time():.6f}\n")

        server = Server(lambda stage: None, keep=keep, port=port)
        with serving(server):
            stop.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
