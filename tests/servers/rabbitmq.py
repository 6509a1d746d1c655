"""A private RabbitMQ with its own node, ports, cookie, epmd and files.

All ports listen on 127.0.0.1, the distribution port too. We start epmd ourselves: one started by
Erlang would outlive the node, and we could not stop it.
"""

import base64
import hashlib
import json
import os
import secrets
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import amqp

from tests.servers.programs import Missing, find, free_ports

USER = "overture"
WORKERS = 8  # virtual hosts w0 … w7, one per test worker
START_SECONDS = 90


class RabbitMQ:
    """One node. `url` contains {worker}, the number of a virtual host."""

    def __init__(self, folder: Path) -> None:
        self._programs = find("RabbitMQ", "/usr/lib/rabbitmq/bin", package="rabbitmq-server")
        self._folder = folder
        self._port, self._epmd_port, distribution_port = free_ports(3)
        self._password = secrets.token_hex(12)
        self.url = f"amqp://{USER}:{self._password}@127.0.0.1:{self._port}/w{{worker}}"
        self._environment = _environment(folder, self._port, self._epmd_port, distribution_port)
        self._node: subprocess.Popen[bytes] | None = None
        self._epmd: subprocess.Popen[bytes] | None = None
        _write_files(folder, port=self._port, password=self._password)

    @property
    def pid(self) -> int:
        assert self._node is not None, "RabbitMQ is not running"
        return self._node.pid

    def start(self) -> None:
        """Start the node on its existing files and wait until it answers."""
        if self._epmd is None:
            self._epmd = self._spawn([_epmd(), "-port", str(self._epmd_port)], log="epmd")
        self._node = self._spawn([str(self._programs / "rabbitmq-server")], log="node")
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._node.poll() is not None or time.monotonic() > end:
                log = (self._folder / "node.log").read_text(errors="replace")[-2000:]
                self.stop()
                raise RuntimeError(f"RabbitMQ did not start:\n{log}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop the node properly, and its epmd."""
        if self._node is not None:
            self._node.send_signal(signal.SIGCONT)
            self._node.terminate()
        self._wait()
        if self._epmd is not None:
            self._epmd.terminate()
            self._epmd.wait()
            self._epmd = None

    def kill(self) -> None:
        """Kill the node with SIGKILL."""
        os.kill(self.pid, signal.SIGKILL)
        self._wait()

    def pause(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def ctl(self, *words: str) -> str:
        """Run rabbitmqctl; return its output. Raises CalledProcessError."""
        command = [str(self._programs / "rabbitmqctl"), "-q", *words]
        done = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def script(self, program: str) -> str:
        """A shell script that runs one of its programs as `ctl` does."""
        names = [name for name in self._environment if name not in os.environ] + ["HOME"]
        set_here = [f"export {name}={shlex.quote(self._environment[name])}" for name in names]
        path = shlex.quote(str(self._programs / program))
        return "\n".join(["#!/bin/sh", *set_here, f'exec {path} "$@"', ""])

    def _wait(self) -> None:
        if self._node is None:
            return
        try:
            self._node.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._node.kill()
            self._node.wait()
        self._node = None

    def _spawn(self, command: list[str], *, log: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"{log}.log").open("ab") as out:
            return subprocess.Popen(
                command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C must reach only the tests, which stop the node
            )

    def _answers(self) -> bool:
        options: dict[str, Any] = {"userid": USER, "password": self._password}
        try:
            host = f"127.0.0.1:{self._port}"
            with amqp.Connection(host, virtual_host="w0", connect_timeout=2, **options):
                return True
        except (OSError, amqp.AMQPError):
            return False


@contextmanager
def rabbitmq(folder: Path) -> Iterator[RabbitMQ]:
    """A running node with its files in `folder`, stopped at the end. Raises Missing."""
    server = RabbitMQ(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _epmd() -> str:
    found = shutil.which("epmd")
    if found is None:
        raise Missing("Erlang's epmd is not installed: run “apt-get install erlang-base”.")
    return found


def _environment(folder: Path, port: int, epmd_port: int, distribution_port: int) -> dict[str, str]:
    return os.environ | {
        "HOME": str(folder),
        "RABBITMQ_NODENAME": "overture@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(distribution_port),
        "ERL_EPMD_PORT": str(epmd_port),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RUNNING_UNDER_SYSTEMD": "true",  # the script then execs the node, so its pid is the node's
    }


def _write_files(folder: Path, *, port: int, password: str) -> None:
    for name in ("mnesia", "log"):
        (folder / name).mkdir()
    (folder / "enabled_plugins").write_text("[].\n")
    (folder / "definitions.json").write_text(json.dumps(_definitions(password)))
    (folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.default = 127.0.0.1:{port}\n"
        "disk_free_limit.absolute = 50MB\n"
        "max_message_size = 1048576\n"
        f"load_definitions = {folder / 'definitions.json'}\n"
    )
    cookie = folder / ".erlang.cookie"
    cookie.write_text(secrets.token_hex(16))
    cookie.chmod(0o400)


def _definitions(password: str) -> dict[str, Any]:
    """One administrator, and a virtual host per test worker."""
    salt = secrets.token_bytes(4)
    hashed = base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest())
    hosts = ["/", *(f"w{number}" for number in range(WORKERS))]
    rights = {"user": USER, "configure": ".*", "write": ".*", "read": ".*"}
    return {
        "users": [{"name": USER, "password_hash": hashed.decode(), "tags": "administrator"}],
        "vhosts": [{"name": host} for host in hosts],
        "permissions": [{"vhost": host, **rights} for host in hosts],
    }
