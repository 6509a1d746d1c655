"""The commands that only notify has: mails in doubt, and what a person knows about them."""

import json
import sys
import uuid

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from services.notify.models import Mail
from services.notify.sending import doubt
from shared import db

_mail = AppGroup("mail", help="Mails and what became of them.")


def init_app(app: Flask) -> None:
    """Register them with this app."""
    app.cli.add_command(_mail)


@_mail.command("doubtful")
def mail_doubtful() -> None:
    """List the mails in doubt, one JSON line each; settle those that wait for a person."""
    with db.read() as session:
        query = select(Mail).where(Mail.state == "in_doubt").order_by(Mail.dot_at)
        for mail in session.scalars(query):
            line = {
                "mail_id": str(mail.id),
                "kind": mail.kind,
                "recipient": mail.recipient,
                "message_id": mail.message_id,
                "dot_at": mail.dot_at.isoformat() if mail.dot_at else None,
                "on_doubt": mail.on_doubt,
                "last_reply": mail.last_reply,
            }
            click.echo(json.dumps(line))


@_mail.command("settle")
@click.argument("mail_id", type=click.UUID)
@click.argument("answer", type=click.Choice(["arrived", "again"]))
@click.option("--reason", required=True, help="How you know; kept and shown with the mail.")
def mail_settle(mail_id: uuid.UUID, answer: str, reason: str) -> None:
    """Say of a mail in doubt that it ARRIVED, or have it sent AGAIN."""
    with db.begin() as session:
        settled = doubt.settle(session, mail_id=mail_id, answer=answer, reason=reason)
    if not settled:
        click.echo("No mail with this id is in doubt.", err=True)
        sys.exit(1)
    click.echo("It counts as sent." if answer == "arrived" else "It will be sent again.")
