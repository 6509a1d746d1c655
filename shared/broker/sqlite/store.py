"""The file of the embedded broker: its tables, and each step of a message as one transaction.

A row of `message` is one message in one queue. `owner` names the connection that holds it (see
`owners`). `dead` holds the reason of a message that waits for the dead-letter exchange.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from amqp.exceptions import NotFound

from shared.broker.sqlite import routing
from shared.db import private

BUSY_SECONDS = 10
NETWORK_FILE_SYSTEMS = {
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "ceph", "lustre", "beegfs",
    "fuse.sshfs", "fuse.glusterfs", "fuse.ceph",
}  # fmt: skip

TABLES = """
create table if not exists exchange (
  name text primary key, type text not null, arguments text not null) without rowid;
create table if not exists queue (
  name text primary key, arguments text not null) without rowid;
create table if not exists binding (
  exchange text not null, pattern text not null, queue text not null,
  primary key (exchange, pattern, queue)) without rowid;
create table if not exists message (
  id integer primary key autoincrement, queue text not null, properties text not null,
  body blob not null, deliveries integer not null default 0, owner text, dead text);
create index if not exists message_ready on message (queue, id)
  where owner is null and dead is null;
create index if not exists message_held on message (owner) where owner is not null;
create index if not exists message_dead on message (id) where dead is not null;
"""


class Sending(NamedTuple):
    """A message to store."""

    exchange: str
    routing_key: str
    properties: dict[str, Any]  # JSON values: headers, content type, message id, …
    body: bytes


class ClaimedMessage(NamedTuple):
    """A message now held by an owner."""

    id: int
    queue: str
    properties: dict[str, Any]
    body: bytes
    deliveries: int  # this one included


def open_file(path: Path) -> sqlite3.Connection:
    """Open the file, created with its tables if missing; commits survive a power cut.

    Raises sqlite3.Error, or OSError if the folder is missing or on a network.
    """
    _refuse_network(path.parent)
    private.make_file(path)
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        if db.execute("pragma journal_mode").fetchone() != ("wal",):
            db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = full")
        with writing(db):
            for statement in filter(str.strip, TABLES.split(";")):
                db.execute(statement)
    except BaseException:
        db.close()
        raise
    return db


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[None]:
    """One transaction that holds the write lock from the start."""
    db.execute("begin immediate")
    try:
        yield
        db.execute("commit")
    except BaseException:
        if db.in_transaction:
            db.execute("rollback")
        raise


def put(db: sqlite3.Connection, sendings: Iterable[Sending]) -> list[int]:
    """Store each message in every queue that its key reaches, all in one transaction.

    Returns the positions of messages that queues no queue. Raises NotFound for an unknown exchange,
    and then stores none of them.
    """
    unroutable = []
    with writing(db):
        for position, sending in enumerate(sendings):
            queues = queues_for(db, exchange=sending.exchange, key=sending.routing_key)
            if not queues:
                unroutable.append(position)
            insert(db, queues, properties=sending.properties, body=sending.body)
    return unroutable


def take(db: sqlite3.Connection, *, queue: str, owner: str, limit: int) -> list[ClaimedMessage]:
    """Take ownership of up to `limit` messages of a queue, the oldest first."""
    waiting = "select 1 from message where queue = ? and owner is null and dead is null limit 1"
    if not db.execute(waiting, (queue,)).fetchone():
        return []  # a plain read, so that an idle consumer never takes the write lock
    with writing(db):
        rows = db.execute(
            "update message set owner = ?, deliveries = deliveries + 1 where id in ("
            "  select id from message where queue = ? and owner is null and dead is null"
            "  order by id limit ?) returning id, properties, body, deliveries",
            (owner, queue, limit),
        ).fetchall()
    rows.sort()
    return [ClaimedMessage(row[0], queue, json.loads(row[1]), row[2], row[3]) for row in rows]


def remove(db: sqlite3.Connection, ids: list[int]) -> None:
    """Delete acknowledged messages."""
    with writing(db):
        db.executemany("delete from message where id = ?", [(number,) for number in ids])


def held_by_others(db: sqlite3.Connection, owner: str) -> list[str]:
    """The other owners that hold messages."""
    rows = db.execute("select distinct owner from message where owner is not null")
    return [name for (name,) in rows if name != owner]


def has_dead(db: sqlite3.Connection) -> bool:
    """Whether messages wait for a dead-letter exchange."""
    return bool(db.execute("select 1 from message where dead is not null limit 1").fetchone())


def queues_for(db: sqlite3.Connection, *, exchange: str, key: str) -> list[str]:
    """The queues that a routing key reaches; the empty exchange reaches the queue of that name."""
    if not exchange:
        return [name for (name,) in db.execute("select name from queue where name = ?", (key,))]
    row = db.execute("select type from exchange where name = ?", (exchange,)).fetchone()
    if row is None:
        raise NotFound(f"NOT_FOUND - no exchange '{exchange}'", (60, 40))
    matches = routing.MATCHES[row[0]]
    bound = db.execute("select pattern, queue from binding where exchange = ?", (exchange,))
    return sorted({queue for pattern, queue in bound if matches(pattern, key)})


def insert(
    db: sqlite3.Connection, queues: list[str], *, properties: dict[str, Any], body: bytes
) -> None:
    text = json.dumps(properties)
    db.executemany(
        "insert into message (queue, properties, body) values (?, ?, ?)",
        [(queue, text, body) for queue in queues],
    )


def file_system(folder: Path, mounts: str) -> str:
    """The type of the file system of a folder, from the text of /proc/self/mounts.

    Empty if no mount point is above the folder, as in a chroot.
    """
    entries = [line.split()[1:3] for line in mounts.splitlines()]
    points = [(Path(point.replace("\\040", " ")), kind) for point, kind in entries]
    above = [(len(point.parts), kind) for point, kind in points if folder.is_relative_to(point)]
    return max(above, default=(0, ""))[1]


def _refuse_network(folder: Path) -> None:
    """Raise OSError for a network file system, where file locks are unreliable."""
    mounts = Path("/proc/self/mounts")
    kind = file_system(folder.resolve(), mounts.read_text()) if mounts.exists() else ""
    if kind in NETWORK_FILE_SYSTEMS:
        raise OSError(f"{folder} is on a network ({kind}); move broker.db to a local disk")
