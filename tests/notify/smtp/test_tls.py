"""Passwords and mails are encrypted unless the server is on this machine."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from services.notify.smtp import (
    Conversation,
    NotAccepted,
    Server,
    ServerTrouble,
    server_from_url,
)
from tests import smtp_sink
from tests.notify.smtp.talking import (
    QUICK,
    send,
)
from tests.smtp_sink import sink


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself, with its key in the same file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on this machine to make a certificate")
    both = folder / "server.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        + ["-nodes", "-days", "2", "-subj", "/CN=sink", "-addext", "subjectAltName=IP:127.0.0.1"]
        + ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True,
        capture_output=True,
    )
    both.write_text((folder / "key.pem").read_text() + (folder / "cert.pem").read_text())
    return both


def tls_server(pem: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    return context


def secured(server: smtp_sink.Server, *, ca_file: Path | None) -> Conversation:
    url = f"smtp://overture:secret@127.0.0.1:{server.port}?tls=required"
    name = str(ca_file) if ca_file else None
    return Conversation(server_from_url(url, hello="n.example", ca_file=name, timeouts=QUICK))


def test_starttls_carries_password_and_mail(tmp_path):
    pem = certificate(tmp_path)
    with sink(tls=tls_server(pem)) as server:
        talk = secured(server, ca_file=pem)
        send(talk)
        send(talk)
        talk.leave()
    assert len(server.accepted) == 2
    assert server.commands.index("STARTTLS") < [c[:4] for c in server.commands].index("AUTH")


def test_an_unknown_certificate_gets_neither_password_nor_mail(tmp_path):
    with sink(tls=tls_server(certificate(tmp_path))) as server:
        talk = secured(server, ca_file=None)
        with pytest.raises(ServerTrouble, match="certificate"):
            talk.ready()
    assert not any(line.startswith(("AUTH", "MAIL")) for line in server.commands)


def test_a_server_that_offers_no_tls_gets_no_password():
    with sink() as server:
        talk = secured(server, ca_file=None)
        with pytest.raises(ServerTrouble, match="STARTTLS"):
            talk.ready()
    assert not any(line.startswith(("AUTH", "MAIL")) for line in server.commands)


def test_data_injected_after_starttls_ends_the_conversation(tmp_path):
    pem = certificate(tmp_path)
    with sink([("starttls", b"220 go\r\n250 evil\r\n")], tls=tls_server(pem)) as server:
        talk = secured(server, ca_file=pem)
        with pytest.raises(NotAccepted) as caught:
            talk.ready()
    assert caught.value.unready
    assert not any(line.startswith(("AUTH", "MAIL")) for line in server.commands)


@pytest.mark.parametrize(
    "url, host, port, tls",
    [
        ("smtp://127.0.0.1:8026", "127.0.0.1", 8026, "none"),
        ("smtp://localhost", "localhost", 25, "none"),
        ("smtp://[::1]:26", "::1", 26, "none"),
        ("smtp://u:p%40ss@mail.campus.example:587", "mail.campus.example", 587, "required"),
        ("smtp://127.0.0.2.example:25", "127.0.0.2.example", 25, "required"),
        ("smtps://mail.campus.example", "mail.campus.example", 465, "implicit"),
    ],
)
def test_off_loopback_tls_is_required(url, host, port, tls):
    found = server_from_url(url, hello="n.example")
    assert (found.host, found.port, found.tls) == (host, port, tls)
    assert isinstance(found, Server)
    if found.user:
        assert found.password == "p@ss"


@pytest.mark.parametrize("url", ["", "mail.campus.example", "http://x", "smtp://", "file:///x"])
def test_a_broken_server_address_is_refused_with_a_sentence(url):
    with pytest.raises(ValueError, match="smtp://host:port"):
        server_from_url(url, hello="n.example")


def test_tls_at_a_port_without_it_says_which_scheme_to_write():
    with sink() as server, pytest.raises(NotAccepted) as refused:
        Conversation(
            server_from_url(f"smtps://127.0.0.1:{server.port}", hello="n.example", timeouts=QUICK)
        ).ready()
    assert "write smtp://, not smtps://, in SMTP_URL" in refused.value.reply


def test_a_server_without_passwords_says_what_to_take_out():
    with (
        sink([("ehlo", b"250 sink.example\r\n")]) as server,
        pytest.raises(ServerTrouble) as refused,
    ):
        url = f"smtp://user:secret@127.0.0.1:{server.port}"
        Conversation(server_from_url(url, hello="n.example", timeouts=QUICK)).ready()
    assert "Take user and password out of SMTP_URL" in refused.value.reply
