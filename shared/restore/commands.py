"""`flask announce`, `flask inventory` and `flask restored`."""

import json
from collections import Counter

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from shared import db
from shared.restore import announcements, inventory, journal, restores
from shared.restore.announcements import Announcements
from shared.restore.inventory import Hold
from shared.tables import now


def init_app(app: Flask, *, announced: Announcements, hold: Hold) -> None:
    """Register the commands; `announced` and `hold` are what this service tells and counts."""
    app.extensions["announced"], app.extensions["hold"] = announced, hold
    for command in (_announce, _inventory, _restored):
        app.cli.add_command(command)


@click.command("announce")
@click.option(
    "--restored",
    is_flag=True,
    help="The database was put back from a copy. Run it once, before the processes start.",
)
@with_appcontext
def _announce(restored: bool) -> None:
    """Tell the other services again what this one holds. They take back what they have lost."""
    announced = current_app.extensions["announced"]
    if restored:
        erased = journal.read(current_app.config["RUN_DIR"])
        announcements.record_restore(announced, erased=erased)
    for what, count in announcements.announce(announced):
        click.echo(f"{count} {what}")
    with db.begin() as session:
        inventory.send_soon(session)
        restore = restores.last(session)
    if restored and restore is not None:
        click.echo(f"The newest change in this copy is of {restore.copied_at.isoformat()}.")


@click.command("inventory")
@with_appcontext
def _inventory() -> None:
    """Count what this service holds, and compare it with the others within some minutes."""
    with db.read() as session:
        held = current_app.extensions["hold"](session, now())
    for kind, buckets in sorted(held.items()):
        click.echo(json.dumps({"kind": kind, "count": sum(count for count, _ in buckets.values())}))
    with db.begin() as session:
        missing = inventory.missing(session)
        inventory.send_soon(session)
    for each in missing:
        click.echo(
            json.dumps({**each, "missing": True, "command": inventory.command(each["partner"])})
        )


@click.command("restored")
@click.option("--list", "each", is_flag=True, help="List every thing with its id.")
@with_appcontext
def _restored(each: bool) -> None:
    """Count what came back after restores, and what is known to be lost."""
    with db.read() as session:
        things = restores.things(session)
    if each:
        for thing in things:
            line = {"kind": thing.kind, "id": str(thing.thing_id), "came_back": thing.came_back}
            click.echo(json.dumps(line))
        return
    for (kind, came_back), count in Counter((it.kind, it.came_back) for it in things).items():
        click.echo(json.dumps({"kind": kind, "came_back": came_back, "count": count}))
