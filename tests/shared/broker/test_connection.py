"""Connections to the broker, and addresses that are refused beforehand."""

import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from shared.broker import connection as connections
from shared.broker.connection import BadBrokerURL, connect, redacted
from tests.fake_broker import CAPABILITIES, fake_broker


@pytest.mark.parametrize(
    "url",
    [
        "",
        "memory://",
        "redis://localhost",
        "amqp",
        "sqlite://host/broker.db",
        "sqlite:///",
        "amqp://user:secret@broker.example/v?heartbeat=0",  # would switch a safety off
        "amqp://user:secret@one.example;amqp://user:secret@two.example",
        "amqp://guest:secret@broker.example//",
        "amqp://broker.example//",  # no user means guest
        "amqp://guest:secret@10.0.0.7//",
    ],
)
def test_an_address_that_is_not_safe_is_refused_without_showing_its_password(url: str) -> None:
    with pytest.raises(BadBrokerURL) as caught:
        connect(url, name="test")
    assert "secret" not in str(caught.value)


def test_logs_show_where_and_not_who() -> None:
    assert redacted("amqp://intake:se%40cret@mq.example:5671/v") == "amqp://mq.example:5671/v"
    assert redacted("sqlite:////var/broker.db") == "sqlite:////var/broker.db"


@pytest.mark.servers
def test_every_safety_setting_is_set_on_the_live_connection(rabbitmq: str) -> None:
    with connect(rabbitmq, name="test") as connection:
        live = connection.connection
        assert live.heartbeat == 20
        assert live.confirm_publish is False
        timeout = live.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
        assert timeout == 10_000


def test_the_operator_sees_whose_connection_it_is() -> None:
    with fake_broker() as (url, peers), connect(url, name="intake.relay"):
        assert peers[0].client["connection_name"].startswith("intake.relay@")


def test_a_broker_that_cannot_confirm_is_refused() -> None:
    unable = CAPABILITIES | {"publisher_confirms": False}
    with (
        fake_broker(capabilities=unable) as (url, _),
        pytest.raises(RuntimeError, match="confirms"),
    ):
        connect(url, name="test")


def test_a_connection_attempt_is_made_once() -> None:
    with fake_broker() as (url, _):
        pass  # closed again: nobody listens on this port
    with pytest.raises(connections.LOST):
        connect(url, name="test")


@pytest.mark.servers
def test_a_wrong_password_is_said_without_the_password(rabbitmq: str) -> None:
    user, _, place = rabbitmq.rpartition("@")
    with pytest.raises(connections.LOST) as caught:
        connect(f"amqp://{user.split(':')[1].removeprefix('//')}:not-it@{place}", name="test")
    assert "not-it" not in str(caught.value)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost that no authority has signed, with its key in one file."""
    file = tmp_path / "localhost.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    command += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command += ["-keyout", str(file), "-out", str(tmp_path / "cert.pem")]
    subprocess.run(command, check=True, capture_output=True)
    file.write_text(file.read_text() + (tmp_path / "cert.pem").read_text())
    return file


def test_a_certificate_is_verified(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with fake_broker(tls=context) as (url, _):
        with pytest.raises(ssl.SSLCertVerificationError):
            connect(url, name="test")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with connect(url, name="test") as connection:
            assert connection.connected
        with pytest.raises(ssl.SSLCertVerificationError):
            connect(url.replace("localhost", "127.0.0.1"), name="test")  # not in the certificate
