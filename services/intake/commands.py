"""The commands of intake: erase a person, record a message for its author."""

import sys

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from services.intake import erasure, restore
from services.intake.conversation import messages
from services.intake.proposals import submission
from shared import db
from shared.restore import commands as restore_commands
from shared.restore import journal

_person = AppGroup("person", help="People outside the office.")
_post = AppGroup("post", help="Add messages to the conversation.")


def init_app(app: Flask) -> None:
    """Register them with this app."""
    restore_commands.init_app(app, announced=restore.ANNOUNCEMENTS, hold=restore.hold)
    app.cli.add_command(_person)
    app.cli.add_command(_post)


@_person.command("erase")
@click.argument("address")
@click.confirmation_option(prompt="This permanently deletes everything this person sent. Continue?")
def person_erase(address: str) -> None:
    """Erase the person with this mailbox in all services."""
    with db.begin() as session:
        person_id = erasure.erase(session, address=address)
        if person_id is not None:
            journal.add(current_app.config["RUN_DIR"], person_id)
    if person_id is None:
        click.echo("No one with this address was found.", err=True)
        sys.exit(1)
    click.echo(f"erased {person_id}; the other services will follow")


@_post.command("add")
@click.argument("reference")
@click.argument("text")
def post_add(reference: str, text: str) -> None:
    """Record what the proposer said in a call or visit."""
    with db.begin() as session:
        proposal = submission.find(session, typed=reference)
        if proposal is not None and proposal.people:
            messages.add(session, proposal, text=text)
    if proposal is None or not proposal.people:
        click.echo("There is no open proposal with this reference.", err=True)
        sys.exit(1)
    click.echo("message added")
