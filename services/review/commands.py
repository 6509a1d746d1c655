"""The commands that only review has: people of the office, the catalogue, a post."""

import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review import catalogue, departures, profile_publishing, restore
from services.review.cases import search_index, visibility
from services.review.models import Case, Staff
from services.review.models.people import ROLES
from services.review.models.states import CaseState
from services.review.staff import invitations, passwords, people
from shared import db
from shared.profile import Profile, versions
from shared.restore import commands as restore_commands

_cases = AppGroup("cases", help="Maintain all cases.")
_catalogue = AppGroup("catalogue", help="Existing offerings of the institution.")
_post = AppGroup("post", help="Add messages to the conversation.")
_staff = AppGroup("staff", help="Manage accounts of the office.")


def init_app(app: Flask) -> None:
    """Register them with this app; a profile imported here goes to every service."""
    restore_commands.init_app(app, announced=restore.ANNOUNCEMENTS, hold=restore.hold)
    app.cli.add_command(_cases)
    app.cli.add_command(_catalogue)
    app.cli.add_command(_post)
    app.cli.add_command(_staff)
    app.extensions["publish_profile"] = profile_publishing.publish


@_cases.command("refresh")
def cases_refresh() -> None:
    """Recalculate due dates, flags and the search index, for example after an upgrade."""
    with db.read() as session:
        case_ids = session.scalars(select(Case.id).where(Case.state != CaseState.ERASED)).all()
    for case_id in case_ids:
        with db.begin() as session:
            case = session.get_one(Case, case_id, with_for_update=True)
            search_index.update(
                session, case, profile=versions.of(session, version=case.profile_version)
            )
    click.echo(f"{len(case_ids)} cases are up to date")


@_catalogue.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def catalogue_import(file: Path) -> None:
    """Replace the catalogue by FILE (TOML, a list [[entries]]). Missing entries are retired."""
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8")).get("entries", [])
        with db.begin() as session:
            changed, retired = catalogue.load(session, entries)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        click.echo(f"{file}: {error}", err=True)
        sys.exit(1)
    click.echo(f"{changed} entries changed, {retired} retired")


@_post.command("add")
@click.argument("reference")
@click.argument("text")
@click.option("--by", "author", required=True, help="Author, as shown to the proposer.")
def post_add(reference: str, text: str, author: str) -> None:
    """Send a message to the proposer of a case."""
    with db.begin() as session:
        case = visibility.find(session, None, typed=reference)
        if case is not None:
            departures.say(session, case, author=author, text=text)
    if case is None:
        click.echo("There is no case with this reference.", err=True)
        sys.exit(1)
    click.echo("message added; the proposer can read it")


_generate = click.option(
    "--generate",
    is_flag=True,
    help="Print a generated password once. It must be changed at the first sign-in.",
)


@_staff.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Name, as shown to proposers and colleagues.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--office", help="Limit to the cases of this office (default: all).")
@_generate
def staff_add(email: str, name: str, role: str, office: str | None, generate: bool) -> None:
    """Add an account. Asks for a password unless --generate is given."""
    password = _password(generate)
    with _errors_as_one_line():
        with db.read() as session:
            words = people.words_to_avoid(session, name=name, email=email)
        hashed = passwords.hash_new(password, words=words)
        with db.begin() as session:
            _check_office(versions.in_force(session), office)
            member = people.add(session, name=name, email=email, role=role, office=office)
            people.set_password(session, member, password_hash=hashed, must_change=generate)
    click.echo(f"{member.email} can sign in as {role}")


@_staff.command("invite")
@click.argument("email")
@click.option("--name", required=True, help="Name, as shown to proposers and colleagues.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--office", help="Limit to the cases of this office (default: all).")
def staff_invite(email: str, name: str, role: str, office: str | None) -> None:
    """Add an account and mail a link to choose a password."""
    with _errors_as_one_line(), db.begin() as session:
        profile = versions.in_force(session)
        _check_office(profile, office)
        member = people.add(session, name=name, email=email, role=role, office=office)
        invitations.invite(session, member, profile=profile, by=None)
    click.echo(f"invitation to {member.email} is on its way")


@_staff.command("password")
@click.argument("email")
@_generate
def staff_password(email: str, generate: bool) -> None:
    """Set a new password and sign the person out everywhere."""
    password = _password(generate)
    with _errors_as_one_line():
        with db.read() as session:
            member = _member(session, email)
            words = people.words_to_avoid(session, name=member.name, email=member.email)
        hashed = passwords.hash_new(password, words=words)
        with db.begin() as session:
            member = _member(session, email)
            people.set_password(session, member, password_hash=hashed, must_change=generate)
    click.echo(f"the new password of {email} is set")


@_staff.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
def staff_role(email: str, role: str) -> None:
    """Change the role. The person has to sign in again."""
    with _errors_as_one_line(), db.begin() as session:
        people.change_role(session, _member(session, email), role=role)
    click.echo(f"{email} now has the role {role}")


@_staff.command("disable")
@click.argument("email")
def staff_disable(email: str) -> None:
    """Deactivate an account. Its history is kept."""
    with _errors_as_one_line(), db.begin() as session:
        people.set_active(session, _member(session, email), active=False)
    click.echo(f"{email} can no longer sign in")


@_staff.command("enable")
@click.argument("email")
def staff_enable(email: str) -> None:
    """Reactivate an account. Its password still works."""
    with _errors_as_one_line(), db.begin() as session:
        people.set_active(session, _member(session, email), active=True)
    click.echo(f"{email} can sign in again")


def _member(session: Session, email: str) -> Staff:
    member = people.find(session, email=email)
    if member is None:
        raise people.InvalidAccount("There is no account with this email.")
    return member


def _check_office(profile: Profile, office: str | None) -> None:
    """Raises InvalidAccount for an office of no case: its member would see an empty queue."""
    known = [each["value"] for each in profile.offices]
    if office is not None and office not in known:
        raise people.InvalidAccount(
            f"There is no office {office}. The profile has {', '.join(known)}."
        )


def _password(generate: bool) -> str:
    if not generate:
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    password = passwords.generate()
    click.echo(f"password, shown only once: {password}")
    return password


@contextmanager
def _errors_as_one_line() -> Iterator[None]:
    """End with a line of text and exit code 1 instead of a traceback."""
    try:
        yield
    except (
        people.InvalidAccount,
        passwords.WeakPassword,
        passwords.PasswordTooLong,
        versions.NoProfile,
    ) as refused:
        click.echo(str(refused) or "No profile has been imported yet.", err=True)
        sys.exit(1)
