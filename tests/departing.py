"""What the office sends, as tests of its departure look at it."""

from email import message_from_bytes, policy

from flask import Flask

from services.notify.models import Mail
from tests.factories import rows
from tests.fakes import carry
from tests.review.office import (
    press,
    published,
    visit,
)

WORDS = "Could we talk on Thursday at 2 p.m.?"


def undo(client, case: str, page=None):
    page = page or visit(client, f"/cases/{case}")
    (path,) = [form.action for form in page.forms if form.action.endswith("/undo")]
    return press(client, page, path)


def mails(apps: dict[str, Flask], kind: str) -> list[Mail]:
    carry(apps, times=2)
    return rows(apps["notify"], Mail, Mail.kind == kind)


def asked_for(app: Flask) -> list[str]:
    """The kinds of mail about messages and letters that an app asked for."""
    kinds = [mail["kind"] for mail in published(app, "mail.requested.v1")]
    return [kind for kind in kinds if kind in ("post_from_office", "decision")]


def plain(mail: Mail) -> str:
    """The text part of a mail, with its quotes in one line each."""
    body = message_from_bytes(mail.rendered, policy=policy.default).get_body(("plain",))
    return " ".join(body.get_content().replace("\n> ", " ").split())
