"""No confirmed message is lost if publisher, consumer or broker are killed."""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from shared.broker import topology
from shared.broker.connection import connect
from shared.broker.publisher import Message, Publisher
from tests import servers
from tests.shared.broker import talk

MESSAGES = 500  # from each of two speakers
QUEUE = "review.from-intake.v1"


class Cast:
    """The processes of a play, by name; a killed one is started again with the same words."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._words: dict[str, list[str]] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, role: str, *words: str) -> None:
        self._words[name] = ["-m", f"tests.shared.broker.{role}", *words]
        self._start(name)

    def kill(self, name: str) -> None:
        self.processes[name].kill()
        self.processes[name].wait()
        self._start(name)

    def end(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(timeout=talk.DEADLINE)

    def _start(self, name: str) -> None:
        with (self._folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *self._words[name]], stderr=log
            )


@contextmanager
def play(url: str, folder: Path) -> Iterator[Cast]:
    """Two speakers and two listeners, at work."""
    cast = Cast(folder)
    try:
        for number in range(2):
            said, heard = folder / f"said{number}", folder / f"heard{number}"
            first = str(number * MESSAGES)
            cast.start(f"speaker{number}", "speaker", url, str(said), first, str(MESSAGES))
            cast.start(f"listener{number}", "listener", url, str(heard))
        yield cast
    finally:
        cast.end()


def numbers(folder: Path, name: str) -> set[int]:
    return {int(line) for file in folder.glob(f"{name}*") for line in file.read_text().split()}


def until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def nothing_is_lost(cast: Cast, folder: Path) -> None:
    everything = set(range(2 * MESSAGES))
    until(lambda: numbers(folder, "said") == everything)
    until(lambda: numbers(folder, "heard") >= everything)
    assert numbers(folder, "heard") == everything
    cast.end()
    assert not (folder / "listener0.log").read_text()


@pytest.mark.slow
def test_killed_publishers_and_consumers_lose_nothing(laid: str, tmp_path: Path) -> None:
    chance = random.Random(20261121)
    killed: list[str] = []
    with play(laid, tmp_path) as cast:
        while numbers(tmp_path, "said") != set(range(2 * MESSAGES)):
            time.sleep(chance.uniform(0.3, 0.8))
            killed.append(chance.choice(sorted(cast.processes)))
            cast.kill(killed[-1])
        nothing_is_lost(cast, tmp_path)
    assert len(killed) >= 3
    assert talk.count_left(laid, QUEUE) == 0
    assert talk.count_left(laid, topology.parked(QUEUE)) == 0


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.RabbitMQ]:
    """A RabbitMQ that may be killed."""
    try:
        with servers.rabbitmq(tmp_path_factory.mktemp("mq")) as found:
            yield found
    except servers.Missing as missing:
        pytest.skip(str(missing))


@pytest.mark.servers
@pytest.mark.slow
def test_a_killed_and_a_stopped_broker_lose_nothing(
    broker: servers.RabbitMQ, tmp_path: Path
) -> None:
    url = lay(broker, 0)
    with play(url, tmp_path) as cast:
        until(lambda: len(numbers(tmp_path, "heard")) > MESSAGES // 8)
        broker.kill()
        assert numbers(tmp_path, "said") != set(range(2 * MESSAGES))
        broker.start()
        until(lambda: len(numbers(tmp_path, "heard")) > MESSAGES // 2)
        broker.pause()
        time.sleep(2)
        broker.resume()
        nothing_is_lost(cast, tmp_path)
    assert talk.count_left(url, QUEUE) == 0


@pytest.mark.servers
@pytest.mark.slow
def test_a_broker_that_is_short_of_memory_confirms_nothing(broker: servers.RabbitMQ) -> None:
    with closing(Publisher(lay(broker, 1), "intake")) as publisher:
        assert publisher.publish(a_message(1)).confirmed == {1}
        broker.ctl("set_vm_memory_high_watermark", "0")
        until(lambda: publisher.publish(a_message(2), deadline=0.5).failure is not None)
        assert is_blocked(publisher)
        broker.ctl("set_vm_memory_high_watermark", "0.4")
        until(lambda: not is_blocked(publisher))
        assert publisher.publish(a_message(3)).confirmed == {3}


@pytest.mark.servers
@pytest.mark.slow
def test_a_full_queue_refuses_what_it_cannot_keep(broker: servers.RabbitMQ) -> None:
    url = lay(broker, 2)
    words = ["set_policy", "-p", "w2", "full", "^review", '{"max-length": 1}']
    broker.ctl(*words, "--apply-to", "queues")
    refused: dict[int, str] = {}
    with closing(Publisher(url, "intake")) as publisher:
        for number in range(1, 50):
            outcome = publisher.publish(a_message(number))
            assert outcome.failure is None
            refused |= outcome.refused
    assert set(refused.values()) == {"nacked"}
    assert talk.count_left(url, QUEUE) < 10  # the limit of a quorum queue is a soft one


def is_blocked(publisher: Publisher) -> bool:
    publisher.idle()
    return publisher.blocked_since is not None


def lay(broker: servers.RabbitMQ, worker: int) -> str:
    """The address of a virtual host with the whole topology."""
    url = broker.url.replace("{worker}", str(worker))
    with connect(url, name="test") as connection:
        topology.apply(connection)
    return url


def a_message(key: int) -> list[Message]:
    return [Message(key, "proposal.changed.v1", str(key), b"{}")]
