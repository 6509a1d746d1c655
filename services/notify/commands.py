"""The commands that only notify has: queue, test mail, mails in doubt, suppressed mailboxes."""

import json
import re
import sys
import uuid
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import func, select

from services.notify import domains, mail_requests, suppressions
from services.notify.composing.addresses import BadAddress, checked_address, domain
from services.notify.composing.rendering import reference_in
from services.notify.inbound import bounces, imap
from services.notify.models import Mail
from services.notify.models.states import MailState
from services.notify.restore import announcing as restore
from services.notify.sending import doubt, rehearsal
from services.notify.sending.sender_settings import sender_settings
from services.notify.smtp import NotAccepted
from shared import db
from shared.events import MailAnswer
from shared.mails.entry import OnDoubt
from shared.restore import commands as restore_commands
from shared.settings import trial_domains, urls
from shared.settings.handshakes import Handshake
from shared.tables import LoopRow, now

_NO_REPLY = re.compile(r"(no|do-?not|never)[-_.]?reply", re.IGNORECASE)
_mail = AppGroup("mail", help="Mails and their delivery status.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    restore_commands.init_app(app, announced=restore.ANNOUNCEMENTS, hold=restore.hold)
    app.cli.add_command(_mail)


def handshakes(config: Mapping[str, Any]) -> Iterator[Handshake]:
    """What `flask check` tries here: sender, mail server and the mailboxes that notify reads."""
    yield Handshake("sender", partial(_takes_no_reply, config["MAIL_FROM"]))
    yield Handshake(
        f"mail server {urls.parts_of(config['SMTP_URL']).hostname}",
        partial(rehearsal.rehearse, config),
    )
    for name, url in (("reports", config["IMAP_URL"]), ("archive", config["ARCHIVE_IMAP_URL"])):
        if url:
            yield Handshake(f"mailbox for {name}", partial(_cannot_read, url))


def _takes_no_reply(sender: str) -> str | None:
    if not _NO_REPLY.match(sender):
        return None
    return f"Mails say “reply to this email”: set OVERTURE_MAIL_FROM to a mailbox, not {sender}."


def _cannot_read(url: str) -> str | None:
    try:
        with imap.opened(url):
            return None
    except imap.LOST as error:
        return str(error)[:200] or type(error).__name__


@_mail.command("test")
@click.argument("address")
def mail_test(address: str) -> None:
    """Send one test mail to ADDRESS at once, past the queue, and print the server's reply."""
    config = current_app.config
    only_to = trial_domains(config["MAIL_ONLY_TO"])
    try:
        if only_to and domain(checked_address(address)).casefold() not in only_to:
            raise BadAddress(f"trial mode sends to {', '.join(sorted(only_to))} only")
        reply = rehearsal.send_test_mail(config, to=address)
    except NotAccepted as refusal:
        click.echo(f"The mail server did not accept it: {refusal.reply}", err=True)
        sys.exit(1)
    except BadAddress as error:
        click.echo(f"It was not sent: {error}.", err=True)
        sys.exit(1)
    click.echo(f"The mail server accepted it: {reply}")
    if config["MAIL_STOPPED"]:
        click.echo("OVERTURE_MAIL_STOPPED is set: all other mail waits.")


@_mail.command("doubtful")
def mail_doubtful() -> None:
    """List mails with unconfirmed delivery, one JSON line each."""
    with db.read() as session:
        query = select(Mail).where(Mail.state == MailState.UNCONFIRMED).order_by(Mail.dot_at)
        for mail in session.scalars(query):
            line = {
                "mail_id": str(mail.id),
                "kind": mail.kind,
                "recipient": mail.recipient,
                "message_id": mail.message_id,
                "dot_at": mail.dot_at.isoformat() if mail.dot_at else None,
                "on_doubt": mail.on_doubt,
                "last_reply": mail.last_reply,
                "waits_for": _awaited(mail),
            }
            click.echo(json.dumps(line))


def _awaited(mail: Mail) -> str:
    """What ends the doubt about this mail."""
    settle = f"decide with: flask --app services.notify mail settle {mail.id} arrived (or again)"
    if mail.last_reply == restore.UNKNOWN:
        return f"held back by a restore; {settle}"
    if mail.on_doubt == OnDoubt.RESEND and mail.dot_at and mail.expires_at > now():
        again_at = mail.dot_at + sender_settings(current_app.config).resend_after
        return f"is sent again by itself after {again_at.isoformat()}"
    if mail.on_doubt == OnDoubt.VERIFY and current_app.config["ARCHIVE_IMAP_URL"]:
        return f"the archive, or a person: {settle}"
    return f"a person: {settle}"


@_mail.command("failed")
def mail_failed() -> None:
    """List mails that did not reach their mailbox, one JSON line each, oldest first."""
    gone = (MailState.FAILED, MailState.BOUNCED, MailState.EXPIRED)
    with db.read() as session:
        query = select(Mail).where(Mail.state.in_(gone)).order_by(Mail.changed_at)
        for mail in session.scalars(query):
            late = mail.state == MailState.EXPIRED
            line = {
                "mail_id": str(mail.id),
                "kind": mail.kind,
                "reference": reference_in(mail.rendered),
                "recipient": mail.recipient,
                "state": mail.state,
                "reason": " ".join(filter(None, (doubt.TOO_LATE if late else "", mail.last_reply))),
                "at": mail.changed_at.isoformat(),
            }
            click.echo(json.dumps(line))


@_mail.command("queue")
def mail_queue() -> None:
    """Count mails by state, with the age of the oldest and any sender trouble."""
    with db.read() as session:
        counted = select(Mail.state, func.count(), func.min(Mail.created_at)).group_by(Mail.state)
        for state, count, oldest in session.execute(counted.order_by(Mail.state)):
            line = {"state": state, "count": count, "oldest": oldest.isoformat()}
            click.echo(json.dumps(line))
        sender = session.get(LoopRow, "sender")
        if sender is not None and sender.trouble:
            click.echo(json.dumps({"trouble": sender.trouble}))


@_mail.command("hosts")
def mail_hosts() -> None:
    """Show waiting mail and mail sent in the last hour, by domain."""
    with db.read() as session:
        for row in domains.by_domain(session):
            oldest = row["oldest_at"]
            click.echo(json.dumps(row | {"oldest_at": oldest.isoformat() if oldest else None}))


@_mail.command("suppressed")
@click.option("--release", "address", help="Allow mail to this mailbox again.")
def mail_suppressed(address: str | None) -> None:
    """List suppressed mailboxes, one JSON line each, or release one."""
    if address is not None:
        with db.begin() as session:
            released = suppressions.release(
                session, address=address, reason="An operator allowed this mailbox again."
            )
        click.echo("released" if released else "This mailbox is not suppressed.")
        sys.exit(0 if released else 1)
    with db.read() as session:
        for row in suppressions.all_suppressions(session):
            line = {"address": row.address, "reason": row.reason, "since": row.since.isoformat()}
            click.echo(json.dumps(line))


@_mail.command("resend")
@click.argument("mail_id", type=click.UUID)
def mail_resend(mail_id: uuid.UUID) -> None:
    """Send the text of a mail again, as a new mail linked to the old one."""
    try:
        with db.begin() as session:
            mail = session.get(Mail, mail_id)
            identity = mail_requests.sending_identity(current_app.config)
            new_id = mail_requests.resend(session, mail, identity=identity) if mail else None
    except mail_requests.TextNotKept:
        click.echo(
            "Its text is no longer kept; the service that requested it has to request it again.",
            err=True,
        )
        sys.exit(1)
    if new_id is None:
        click.echo("There is no mail with this id.", err=True)
        sys.exit(1)
    click.echo(str(new_id))


@_mail.command("bounce")
@click.option(
    "--to", default="", help="Address the report was sent to (default: from its headers)."
)
def mail_bounce(to: str) -> None:
    """Read a delivery report from standard input."""
    raw = sys.stdin.buffer.read(bounces.MAX_BYTES + 1)
    with db.begin() as session:
        click.echo(bounces.receive(session, raw, to=to))


@_mail.command("settle")
@click.argument("mail_id", type=click.UUID)
@click.argument("answer", type=click.Choice([answer.value for answer in MailAnswer]))
@click.option("--reason", required=True, help="How you know. Stored and shown with the mail.")
def mail_settle(mail_id: uuid.UUID, answer: str, reason: str) -> None:
    """Settle a mail in doubt: mark it as arrived, or send it again."""
    with db.begin() as session:
        settled = doubt.settle(session, mail_id=mail_id, answer=answer, reason=reason)
        mail = session.get(Mail, mail_id)
    if not settled:
        click.echo("No mail with this id is in doubt.", err=True)
        sys.exit(1)
    if mail is not None and mail.state == MailState.FAILED:
        click.echo(doubt.TEXT_LOST)
    else:
        arrived = answer == MailAnswer.ARRIVED
        click.echo("It counts as sent." if arrived else "It will be sent again.")
