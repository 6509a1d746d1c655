"""The embedded broker alone: its file, its locks, its wake-up."""

import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from amqp.exceptions import ConnectionError as BrokerConnectionError

from shared.broker.connection import connect
from shared.broker.sqlite import owners, store
from tests.shared.broker import talk


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "broker.db"


def address(file: Path) -> str:
    return f"sqlite:///{file}"


def test_the_file_is_made_with_its_folder_and_is_ours_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "folder" / "broker.db"
    with connect(address(file), name="test") as connection:
        talk.declare(connection, "first", "a.b")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((file.parent / "broker.db.owners").stat().st_mode) == 0o700


def test_an_address_may_be_relative_to_where_the_process_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with connect("sqlite:///here.db", name="test"):
        assert (tmp_path / "here.db").exists()


def test_every_commit_is_on_disk_before_it_counts(file: Path) -> None:
    with connect(address(file), name="test") as connection:
        db = connection.connection.db
        assert db.execute("pragma journal_mode").fetchone() == ("wal",)
        assert db.execute("pragma synchronous").fetchone() == (2,)  # full
        assert db.execute("pragma busy_timeout").fetchone() == (10_000,)


def test_many_may_open_a_new_file_at_once(file: Path) -> None:
    failed: list[Exception] = []
    start = threading.Barrier(8)

    def open_and_declare() -> None:
        start.wait()
        try:
            with connect(address(file), name="test") as connection:
                talk.declare(connection, "first", "a.b")
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=open_and_declare) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_publishing_and_consuming_on_one_connection_works(file: Path) -> None:
    with connect(address(file), name="test") as connection:
        talk.declare(connection, "first", "a.b")
        consumer = talk.Consumer(connection, "first", prefetch=1)
        for body in (b"one", b"two"):
            talk.publish(connection, "a.b", body)
            consumer.wait(len(consumer.messages) + 1)[-1].ack()
    assert talk.bodies(consumer.messages) == [b"one", b"two"]


def test_what_is_published_together_is_kept_in_every_queue_or_nowhere(file: Path) -> None:
    with connect(address(file), name="test") as connection:
        talk.declare(connection, "first", "a.b")
        talk.declare(connection, "second", "a.b")
        db = connection.connection.db
        db.execute(
            "create trigger full before insert on message"
            " when new.queue = 'second' and new.body = cast('two' as blob)"
            " begin select raise(abort, 'disk full'); end"
        )
        with pytest.raises(sqlite3.Error):
            talk.publish(connection, "a.b", b"one", b"two")
        assert db.execute("select count(*) from message").fetchone() == (0,)


def test_dead_letters_wait_until_their_exchange_can_take_them(file: Path) -> None:
    with connect(address(file), name="test") as connection:
        talk.declare(
            connection,
            "first",
            "a.b",
            dead_letter_exchange="dead",
            dead_letter_routing_key="first.parked",
        )
        talk.publish(connection, "a.b", b"no")
        consumer = talk.Consumer(connection, "first", prefetch=1)
        consumer.wait(1)[0].reject()
        assert consumer.idle(0.6)
        talk.declare_parking(connection)
        parked = talk.Consumer(connection, "first.parked", prefetch=1)
        assert talk.bodies(parked.wait(1)) == [b"no"]


def test_a_rejected_message_without_a_dead_letter_exchange_is_dropped(file: Path) -> None:
    with connect(address(file), name="test") as connection:
        talk.declare(connection, "first", "a.b")
        talk.publish(connection, "a.b", b"no")
        talk.Consumer(connection, "first", prefetch=1).wait(1)[0].reject()
        count = connection.connection.db.execute("select count(*) from message").fetchone()
        assert count == (0,)


def test_a_connection_does_not_cross_a_fork(file: Path) -> None:
    connection = connect(address(file), name="test")
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            connection.connection.db  # noqa: B018 - looking at it is the use
        except BrokerConnectionError:
            os.write(write_end, b"refused")
        os._exit(0)
    os.close(write_end)
    os.waitpid(child, 0)
    with open(read_end, "rb") as told:
        assert told.read() == b"refused"
    connection.close()


def test_the_locks_of_the_dead_are_tidied_away(file: Path) -> None:
    folder = file.parent / "broker.db.owners"
    with connect(address(file), name="test") as connection:
        talk.declare(connection, "first", "a.b")
        talk.publish(connection, "a.b", b"one")
    with talk.holder(address(file), count=1):
        assert len(list(folder.iterdir())) == 1
    assert len(list(folder.iterdir())) == 1  # it was killed: the file is still there
    with connect(address(file), name="test") as connection:
        assert [path.name for path in folder.iterdir()] == [connection.connection.owner.name]
        assert talk.bodies(talk.Consumer(connection, "first", prefetch=1).wait(1)) == [b"one"]
    assert not list(folder.iterdir())


def test_a_lock_is_alive_as_long_as_it_is_held(tmp_path: Path) -> None:
    owner = owners.register(tmp_path)
    assert owners.is_alive(tmp_path, owner.name)
    owners.remove_dead(tmp_path)
    assert owners.is_alive(tmp_path, owner.name)
    owner.lock.close()  # as the kernel does at the end of a process
    assert not owners.is_alive(tmp_path, owner.name)
    assert not owners.is_alive(tmp_path, "never-there")


MOUNTS = """\
/dev/vda / ext4 rw 0 0
campus:/home /home nfs4 rw 0 0
/dev/vdb /home/local\\040disk xfs rw 0 0
tmpfs /tmp tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/overture", "ext4"),
        ("/home/amina/overture", "nfs4"),
        ("/home/local disk/overture", "xfs"),
        ("/homework", "ext4"),
    ],
)
def test_the_file_system_of_a_folder_is_that_of_its_longest_mount(folder: str, kind: str) -> None:
    assert store.file_system(Path(folder), MOUNTS) == kind
    assert (kind in store.NETWORK_FILE_SYSTEMS) == (kind == "nfs4")


def test_a_folder_below_no_mount_has_no_known_file_system() -> None:
    """In a chroot whose root folder is no mount, Linux lists only the mounts below it."""
    assert store.file_system(Path("/root/overture"), "proc /proc proc rw 0 0\n") == ""
