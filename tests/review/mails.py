"""The mails that review requested for its staff."""

from typing import Any

from flask import Flask

from tests.review.office import press, published, signed_in, visit


def requested_mails(app: Flask, kind: str) -> list[dict[str, Any]]:
    """The mails of this kind that review has asked for, in order."""
    return [mail for mail in published(app, "mail.requested.v1") if mail["kind"] == kind]


def recipients(app: Flask, kind: str) -> list[str]:
    return sorted(mail["to_address"] for mail in requested_mails(app, kind))


def with_preferences(app: Flask, role: str, *, name: str, **wishes: str) -> Any:
    """The browser of somebody who has chosen this on her account page."""
    client = signed_in(app, role, name=name)
    page = visit(client, "/account")
    saved = press(client, page, "/account/mail", **wishes)
    assert saved.status == 303, saved.text()
    return client
