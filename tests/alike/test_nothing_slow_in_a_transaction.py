"""No page is rendered and no password is hashed while a writing transaction is open.

On SQLite a writing transaction keeps every other writer waiting; hashing takes some twenty
milliseconds and a long page as many.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask, render_template_string
from jinja2 import Template
from sqlalchemy import Engine, event, text

from services.notify.models import Mail
from services.review.staff import passwords
from shared import db
from tests.apps import on_sqlite
from tests.factories import count, sample
from tests.fakes import carry
from tests.intake import form_filling as typed
from tests.intake.browsing import get
from tests.review.office import (
    PASSWORD,
    do,
    hire,
    press,
    published,
    sign_in,
    signed_in,
    submitted,
    visit,
)

SAMPLE = "partner-sterile-processing"
NEW = "another long walk outside"


class Watch:
    """The writing transactions that are open, and the slow work that was done inside one."""

    def __init__(self) -> None:
        self.open: set[int] = set()
        self.faults: list[str] = []
        self.work: list[str] = []

    def began(self, connection: Any) -> None:
        if connection.get_execution_options().get("immediate"):
            self.open.add(id(connection))

    def ended(self, connection: Any) -> None:
        self.open.discard(id(connection))

    def slow(self, work: str) -> None:
        self.work.append(work)
        if self.open:
            self.faults.append(work)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    watch = Watch()

    for owner, name in ((PasswordHasher, "hash"), (PasswordHasher, "verify"), (Template, "render")):
        original = getattr(owner, name)

        def watched(*args: Any, original: Any = original, name: str = name, **options: Any) -> Any:
            watch.slow(f"argon2 {name}" if name != "render" else str(args[0].name))
            return original(*args, **options)

        monkeypatch.setattr(owner, name, watched)
    listeners = {"begin": watch.began, "commit": watch.ended, "rollback": watch.ended}
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    yield watch
    for name, listener in listeners.items():
        event.remove(Engine, name, listener)


@on_sqlite
def test_the_watch_detects_slow_work_in_a_transaction(apps: dict[str, Flask], watch: Watch):
    with apps["review"].test_request_context():
        with db.begin() as session:
            session.execute(text("SELECT 1"))
            render_template_string("slow")
            passwords.hash_password(PASSWORD)
        with db.read() as session:
            session.execute(text("SELECT 1"))
            render_template_string("quick enough")
        passwords.hash_password(PASSWORD)
    assert watch.faults == ["None", "argon2 hash"]


@on_sqlite
def test_intake_renders_no_page_in_a_transaction(apps: dict[str, Flask], watch: Watch):
    client = apps["intake"].test_client()
    assert get(client, "/").status == 200
    assert typed.play(client, sample(SAMPLE)).path == "/sent"
    for path in ("/draft/", "/sent", "/status", "/privacy", "/questions", "/no-such-page"):
        get(client, path)
    assert len(watch.work) > 10
    assert watch.faults == []


@on_sqlite
def test_review_renders_and_hashes_nothing_in_a_transaction(apps: dict[str, Flask], watch: Watch):
    review = apps["review"]
    case = submitted(apps, **sample(SAMPLE)["answers"])
    clerk, lead = signed_in(review, "triage"), signed_in(review, "lead")
    for path in ("/", "/?tab=all", f"/cases/{case}", f"/cases/{case}/decision", "/account"):
        assert visit(clerk, path).status == 200, path
    assert do(clerk, case, "take").status == 303
    assert do(clerk, case, "write", text=" ").status == 422
    assert do(clerk, case, "write", text="When could you talk?").status == 303
    assert do(clerk, case, "note", note="@Nobody, look").status == 422
    assert do(clerk, case, "decision", kind="accept").status == 303
    assert do(lead, case, "letter", subject=" ").status == 422
    assert do(lead, case, "letter/release").status == 303
    assert visit(clerk, f"/cases/{case}/letter").status == 200
    assert watch.faults == []


@on_sqlite
def test_accounts_and_passwords_keep_no_writer_waiting(apps: dict[str, Flask], watch: Watch):
    review = apps["review"]
    admin = signed_in(review, "admin")
    assert visit(admin, "/operations").status == 200
    page = visit(admin, "/people")
    assert press(admin, page, "/people/invite", name=" ").status == 422
    invitation = {"name": "Noor Haddad", "email": "noor@office.example", "role": "triage"}
    assert press(admin, page, "/people/invite", **invitation).status == 303
    assert press(admin, page, "/people/invite", **invitation).status == 422
    (mail,) = published(review, "mail.requested.v1")
    link = "/password/" + mail["variables"]["password_url"].rpartition("/")[2]
    guest = review.test_client()
    assert press(guest, visit(guest, link), link, new="short").status == 422
    assert press(guest, visit(guest, link), link, new=NEW).status == 303
    assert visit(guest, link).status == 404
    assert sign_in(guest, "noor@office.example", NEW).status == 303
    assert sign_in(review.test_client(), hire(review, "lead"), "not this one").status == 422
    change = {"current": NEW, "new": "a third one that is long"}
    assert press(guest, visit(guest, "/account"), "/account/password", **change).status == 303
    assert "argon2 hash" in watch.work and "argon2 verify" in watch.work
    assert watch.faults == []


@on_sqlite
def test_notify_renders_mails_before_it_stores_them(apps: dict[str, Flask], watch: Watch):
    submitted(apps, **sample(SAMPLE)["answers"])
    carry(apps)
    assert count(apps["notify"], Mail) >= 2
    assert watch.work.count("notify/mail.html") >= 2
    assert watch.faults == []


@on_sqlite
def test_notify_answers_without_a_transaction(apps: dict[str, Flask], watch: Watch):
    client = apps["notify"].test_client()
    for path in ("/healthz", "/readyz", "/metrics", "/no-such-page"):
        client.get(path, headers={"Accept": "text/html"})
    assert watch.faults == []
