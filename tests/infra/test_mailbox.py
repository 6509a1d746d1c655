"""The development mailbox as a user starts it, over real SMTP and HTTP."""

import json
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from tests.servers.programs import free_ports

ROOT = Path(__file__).parents[2]


class Box(NamedTuple):
    smtp: int
    http: int


def start(smtp: int, http: int, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "infra.mailbox", "--file", str(file)]
    ports = ["--smtp", str(smtp), "--http", str(http)]
    return subprocess.Popen([*command, *ports], cwd=ROOT, stdout=subprocess.PIPE, text=True)


@contextmanager
def mailbox(file: Path, *, end: signal.Signals = signal.SIGTERM) -> Iterator[Box]:
    """A running mailbox; at the end it gets the signal."""
    smtp, http = free_ports(2)
    with start(smtp, http, file) as running:
        try:
            assert running.stdout is not None
            assert "is shown at" in running.stdout.readline()
            yield Box(smtp, http)
        finally:
            running.send_signal(end)
        assert running.wait(timeout=20) in (0, -signal.SIGKILL)


def a_mail(subject: str = "Recibimos su idea", text: str = "Hola, Dolores") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@x.example", "dolores@x.example", subject
    mail.set_content(text)
    page = '<html><head></head><body><a href="http://127.0.0.1:8000/">¡Hola!</a></body></html>'
    mail.add_alternative(page, subtype="html")
    return mail


def send(box: Box, *mails: EmailMessage | bytes) -> None:
    with smtplib.SMTP("127.0.0.1", box.smtp, timeout=10) as link:
        for mail in mails:
            link.sendmail("a@x.example", ["dolores@x.example"], bytes(mail))


def get(box: Box, path: str, **headers: str) -> tuple[int, str, Any]:
    request = Request(f"http://127.0.0.1:{box.http}{path}", headers=headers)
    try:
        with urlopen(request, timeout=10) as response:  # noqa: S310 - our own loopback address
            return response.status, response.read().decode(), response.headers
    except HTTPError as error:
        with error:
            return error.code, error.read().decode(), error.headers


def listed(box: Box, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(get(box, f"/api/messages{query}")[1])
    return found


def test_a_mail_is_listed_newest_first_with_text_html_and_headers(tmp_path):
    with mailbox(tmp_path / "mail.db") as box:
        send(box, a_mail("First"), a_mail("Contabilidad básica"))
        newest, first = listed(box)
    assert (newest["subject"], first["subject"]) == ("Contabilidad básica", "First")
    assert newest["to"] == "dolores@x.example"
    assert newest["text"].strip() == "Hola, Dolores"
    assert "¡Hola!" in newest["html"]
    assert ["From", "a@x.example"] in newest["headers"]
    assert newest["received_at"] >= first["received_at"]


def test_what_was_accepted_survives_a_kill(tmp_path):
    with mailbox(tmp_path / "mail.db", end=signal.SIGKILL) as box:
        send(box, a_mail())
    with mailbox(tmp_path / "mail.db") as box:
        assert [mail["subject"] for mail in listed(box)] == ["Recibimos su idea"]


def test_pages_show_a_mail_as_text_and_its_html_in_a_sandbox(tmp_path):
    with mailbox(tmp_path / "mail.db") as box:
        assert "No mail yet" in get(box, "/")[1]
        send(box, a_mail("<script>alert(1)</script>"))
        status, page, _ = get(box, "/")
        assert status == 200 and "&lt;script&gt;" in page and "<script" not in page
        number = listed(box)[0]["n"]
        page = get(box, f"/messages/{number}")[1]
        assert '<iframe sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
        assert "Hola, Dolores" in page and "<script" not in page
        _, inner, headers = get(box, f"/messages/{number}/html")
        assert '<base target="_blank">' in inner
        assert "sandbox" in headers["Content-Security-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert get(box, "/messages/999")[0] == 404


def test_a_search_finds_recipient_subject_or_text(tmp_path):
    with mailbox(tmp_path / "mail.db") as box:
        send(box, a_mail("Reference HK4T-W7RB"), a_mail(text="about welding"))
        assert [mail["subject"] for mail in listed(box, "?q=hk4t")] == ["Reference HK4T-W7RB"]
        assert len(listed(box, f"?q={quote('WELDING')}")) == 1
        assert len(listed(box, "?q=dolores")) == 2
        assert "No mail holds" in get(box, "/?q=nothing")[1]


BROKEN = [
    b"",
    b"\r\n.\r\n",
    b"Subject: =?utf-8?b?////?=\r\nTo: <<<>>>\r\n\r\nx",
    b"Content-Type: text/plain; charset=no-such\r\n\r\n\xff\xfe",
    b"Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n",
    b"Content-Type: message/rfc822\r\n\r\n" * 50,
    b"Date: " + b"9" * 900 + b"\r\nMessage-ID: <\r\n\r\n",
    b"Content-Transfer-Encoding: base64\r\n\r\n!!!!",
]


def test_a_broken_mail_is_kept_and_shown_as_well_as_it_can_be(tmp_path):
    with mailbox(tmp_path / "mail.db") as box:
        send(box, *BROKEN, a_mail("After them"))
        mails = listed(box)
        assert len(mails) == len(BROKEN) + 1
        assert get(box, "/")[0] == 200
        for mail in mails:
            assert get(box, f"/messages/{mail['n']}")[0] == 200
            assert get(box, f"/messages/{mail['n']}/html")[0] == 200


def test_another_site_s_name_in_the_request_is_refused(tmp_path):
    with mailbox(tmp_path / "mail.db") as box:
        assert get(box, "/api/messages", Host="evil.example")[0] == 400


def test_a_taken_port_is_one_plain_sentence(tmp_path):
    with mailbox(tmp_path / "mail.db") as box:
        (free,) = free_ports(1)
        for smtp, http in [(box.smtp, free), (free, box.http)]:
            with start(smtp, http, tmp_path / "other.db") as second:
                said, _ = second.communicate(timeout=20)
            taken = smtp if smtp != free else http
            assert second.returncode == 1
            assert said.strip() == (
                f"Port {taken} is already in use; stop the program that uses it and try again."
            )


def test_the_mailbox_says_that_it_is_ready_without_showing_a_mail(tmp_path):
    with mailbox(tmp_path / "mailbox.sqlite") as box:
        send(box, a_mail("one"))
        status, body, _ = get(box, "/healthz")
        assert (status, json.loads(body)) == (200, {"status": "ok"})
