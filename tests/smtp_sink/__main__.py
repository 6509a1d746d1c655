"""The sink as a process for chaos tests: faults by rate and seed, accepted mails in a ledger."""

import argparse
import random
import signal
import sqlite3
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

from tests.smtp_sink.server import Accepted, Act, Fault, Keep, Server, serving

STORM: list[Fault] = [
    ("connect", b"421 4.3.2 too busy\r\n"),
    ("mail", b"451 4.3.0 later\r\n"),
    ("rcpt", b"450 4.2.0 greylisted\r\n"),
    ("data", "drop"),
    ("body", "drop"),
    ("dot", b"451 4.3.0 later\r\n"),
    ("dot", "drop"),
    ("dot", "keep, then drop"),
    ("dot", "keep, then late"),
    ("rset", b"421 4.4.2 too long\r\n"),
]


def ledger(path: Path) -> Keep:
    """Keep mails in a SQLite file: table `accepted`, a row each, durable before the reply."""
    with closing(sqlite3.connect(path)) as link, link:
        link.execute("PRAGMA journal_mode=WAL")
        link.execute(
            "CREATE TABLE IF NOT EXISTS accepted (message_id TEXT, sender TEXT, recipient TEXT,"
            " body BLOB, at REAL)"
        )

    def keep(mail: Accepted) -> None:
        with closing(sqlite3.connect(path, timeout=30)) as link, link:
            row = (*mail, time.time())
            link.execute("INSERT INTO accepted VALUES (?, ?, ?, ?, ?)", row)

    return keep


def main(arguments: list[str]) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(description="A mail server that misbehaves and counts.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ledger", type=Path, required=True)
    parser.add_argument("--fault-rate", type=float, default=0.0, help="0 to 1, for each stage")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    dice, lock = random.Random(options.seed), threading.Lock()

    def choose(stage: str) -> Act | None:
        acts = [act for at, act in STORM if at == stage]
        with lock:
            return dice.choice(acts) if acts and dice.random() < options.fault_rate else None

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    server = Server(choose, keep=ledger(options.ledger), port=options.port)
    with serving(server):
        print(f"sink on {server.url}, seed {options.seed}", flush=True)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
