"""The mails that review requested for its staff."""

from typing import Any

from flask import Flask

from tests.review.office import (
    press,
    signed_in,
    told,
    visit,
)


def asked(app: Flask, kind: str) -> list[dict[str, Any]]:
    """The mails of this kind that review has asked for, in order."""
    return [mail for mail in told(app, "mail.requested.v1") if mail["kind"] == kind]


def to_whom(app: Flask, kind: str) -> list[str]:
    return sorted(mail["to_address"] for mail in asked(app, kind))


def wanting(app: Flask, role: str, *, name: str, **wishes: str) -> Any:
    """The browser of somebody who has chosen this on her account page."""
    client = signed_in(app, role, name=name)
    page = visit(client, "/account")
    saved = press(client, page, "/account/mail", **wishes)
    assert saved.status == 303, saved.text()
    return client
