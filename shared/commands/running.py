"""How every command runs: little in the log, and one sentence for what an operator can mend."""

import copy
import errno
import sys
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import DBAPIError

from shared import db, logs
from shared.db import trouble

NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


class OperatorCommands(AppGroup):
    """The commands of a service."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, so wrapped that an error of the database ends it in one sentence."""
        command = super().get_command(ctx, cmd_name)
        if command is None:
            return None
        guarded = copy.copy(command)
        guarded.invoke = lambda ctx: _invoke(command, ctx)  # type: ignore[method-assign]
        return guarded


def init_app(app: Flask) -> None:
    """Replace the commands of Flask, of which there are none yet."""
    app.cli = OperatorCommands(app.name)


def _invoke(command: click.Command, ctx: click.Context) -> Any:
    app = ctx.ensure_object(ScriptInfo).load_app()
    with app.app_context(), logs.quiet(app, unless=command.name == "worker"):
        try:
            return command.invoke(ctx)
        except DBAPIError as error:
            if not (db.unreachable(error) or trouble.needs_upgrade(error)):
                raise
            sentence = str(trouble.of(error))
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            sentence = f"{error.filename or 'The disk'} has no room. To do: free some space"
    click.echo(sentence, err=True)
    sys.exit(1)
