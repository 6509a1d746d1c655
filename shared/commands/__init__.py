"""The commands of every service: check, db, profile, topology, worker, events."""

import json
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from shared import calendar, db, profile, worker
from shared.broker import connection, topology
from shared.commands import running
from shared.inbox import retries
from shared.profile import versions
from shared.settings import handshakes
from shared.tables import DeferredEvent, DeferredState, ProfileVersion, now

PROFILES = Path(__file__).parents[2] / "profiles"


def init_app(app: Flask) -> None:
    """Register the commands with this app."""
    running.init_app(app)
    for group in (_db, _profile, _topology, _events):
        app.cli.add_command(group)
    app.cli.add_command(_check)
    app.cli.add_command(_worker)


_db = AppGroup("db", help="Manage the tables of this service.")
_profile = AppGroup("profile", help="Check and publish the institution profile.")
_topology = AppGroup("topology", help="Manage exchanges and queues of the broker.")
_events = AppGroup("events", help="List, retry or discard failed events.")


@click.command("check", help="Check the settings, and try everything that they name.")
@with_appcontext
def _check() -> None:
    """Bad settings end every command before this one runs; what is left is tried for real."""
    service, failed = current_app.config["SERVICE"], False
    for name, attempt in current_app.extensions["handshakes"]:
        fault = attempt()
        failed = failed or fault is not None
        click.echo(f"{service}: {name}: {'ok' if fault is None else fault}")
    for note in handshakes.notes():
        click.echo(f"{service}: note: {note}")
    sys.exit(1 if failed else 0)


@_db.command("upgrade")
def db_upgrade() -> None:
    """Migrate the database to the newest revision. Services never migrate on start."""
    from shared.migrations import chain

    chain.upgrade()
    click.echo(f"{current_app.config['SERVICE']}: database is up to date")


def _read_profile(folder: str) -> dict[str, Any]:
    path = Path(folder) if "/" in folder else PROFILES / folder
    try:
        return profile.read(path)
    except profile.BrokenProfile as error:
        click.echo(str(error), err=True)
        sys.exit(1)


@_profile.command("check")
@click.argument("folder", default="example")
def profile_check(folder: str) -> None:
    """Check the files in FOLDER (or the shipped profile of that name)."""
    body = _read_profile(folder)
    click.echo(f"profile is valid, version {profile.version_of(body)}")
    _warn(body)


@_profile.command("import")
@click.argument("folder", default="example")
def profile_import(folder: str) -> None:
    """Publish the profile in FOLDER. Intake and notify accept one only while they have none."""
    click.echo(f"{current_app.config['SERVICE']}: {import_profile(folder)}")


def import_profile(folder: str) -> str:
    """Import the profile; return one sentence for the operator. Exits if the profile is broken."""
    body = _read_profile(folder)
    with db.begin() as session:
        publish = current_app.extensions.get("publish_profile")
        newest = select(ProfileVersion.version).order_by(ProfileVersion.published_at.desc())
        current = session.scalar(newest.limit(1))
        if current == profile.version_of(body):
            return f"profile {current[:12]} is already in force"
        if current is not None and publish is None:
            return "a profile is already in force; import the next one in review"
        if publish is None:
            version = versions.put(session, body=body)
        else:
            version = publish(session, body=body)
    _warn(body)
    return f"profile {version[:12]} is in force"


def _warn(body: dict[str, Any]) -> None:
    """What is allowed in a profile, but seldom meant."""
    for sentence in handshakes.example_addresses(body):
        click.echo(sentence)
    known = profile.Profile.of(body)
    if warning := calendar.holiday_warning(known, calendar.local_day(known, now())):
        click.echo(warning)


@_topology.command("apply")
def topology_apply() -> None:
    """Declare every exchange, queue and binding. Safe to repeat."""
    with _operator_errors():
        apply_topology()
    click.echo("all exchanges and queues exist")


def apply_topology() -> None:
    """Declare everything on the broker of the current app."""
    with connection.connect(current_app.config["BROKER_URL"], name="topology") as link:
        topology.apply(link)


@contextmanager
def _operator_errors() -> Iterator[None]:
    """Print an error that an operator can fix as one line, without a traceback, and exit 1."""
    try:
        yield
    except (topology.TopologyError, connection.BadBrokerURL, *connection.LOST) as error:
        click.echo(handshakes.about_broker(error), err=True)
        sys.exit(1)


@_topology.command("check")
def topology_check() -> None:
    """Check that all exchanges and queues of this service exist."""
    url = current_app.config["BROKER_URL"]
    with _operator_errors(), connection.connect(url, name="topology") as link:
        topology.check(link, current_app.config["SERVICE"])
    click.echo("all exchanges and queues exist")


@click.command("worker", help="Run the loops of this service until SIGTERM or SIGINT.")
def _worker() -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # threads need the app
    sys.exit(worker.run(app))


@_events.command("parked")
@click.option("--all", "everything", is_flag=True, help="Include deferred and discarded events.")
def events_parked(everything: bool) -> None:
    """List failed events, one JSON line each, without their content."""
    with db.read() as session:
        query = select(DeferredEvent).order_by(DeferredEvent.first_seen_at)
        rows = session.scalars(
            query if everything else query.where(DeferredEvent.state == DeferredState.PARKED)
        )
        for row in rows:
            line = {
                "event_id": str(row.event_id),
                "event": row.event_type,
                "state": row.state,
                "reason": row.reason,
                "queue": row.queue,
                "attempts": row.attempts,
                "first_seen_at": row.first_seen_at.isoformat(),
                "last_seen_at": row.last_seen_at.isoformat(),
                "bytes": len(row.envelope),
            }
            click.echo(json.dumps(line))


def _selected_ids(event_ids: tuple[str, ...], everything: bool) -> list[uuid.UUID]:
    if everything:
        with db.read() as session:
            is_parked = DeferredEvent.state == DeferredState.PARKED
            parked = select(DeferredEvent.event_id).where(is_parked)
            return list(session.scalars(parked))
    try:
        return [uuid.UUID(event_id) for event_id in event_ids]
    except ValueError as error:
        parked_by = f"flask --app services.{current_app.config['SERVICE']} events parked"
        message = f"an event id must be a UUID, as printed by `{parked_by}`"
        raise click.BadParameter(message) from error


@_events.command("replay")
@click.argument("event_ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Retry all failed events.")
def events_replay(event_ids: tuple[str, ...], everything: bool) -> None:
    """Retry failed events. The worker picks them up within a second."""
    selected = _selected_ids(event_ids, everything)
    with db.begin() as session:
        count = retries.replay(session, event_ids=selected)
    click.echo(f"{count} of {len(selected)} will be retried")


@_events.command("discard")
@click.argument("event_ids", nargs=-1, required=True)
@click.option("--reason", required=True, help="Stored with the event.")
def events_discard(event_ids: tuple[str, ...], reason: str) -> None:
    """Discard failed events. Their rows stay as a record until KEEP_DAYS have passed."""
    selected = _selected_ids(event_ids, everything=False)
    with db.begin() as session:
        count = retries.discard(session, event_ids=selected, reason=reason)
    click.echo(f"{count} of {len(selected)} discarded")
