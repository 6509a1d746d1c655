"""notify: mail and its fate. It renders, sends, retries and settles doubt; it knows no business
rule.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from services.notify import archive, commands, gauges, hosts, mailboxes, retention, sending
from services.notify.handlers import HANDLERS
from shared import commands as shared_commands
from shared import db, logs, settings, upkeep, web, worker


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The app, wired and connected to nothing yet; `config` overrides the environment."""
    app = Flask(__name__)
    settings.load(app, config)
    logs.init_app(app)
    db.init_app(app)
    web.init_app(app)
    gauges.init_app(app)
    told = {"upkeep": upkeep.telling(mail=hosts.state)}
    loops = {"sender": sending.send, "retention": retention.forget}
    loops |= {"bounces": mailboxes.watch, "archive": archive.watch}
    worker.init_app(app, handlers=HANDLERS, loops=loops | told)
    shared_commands.init_app(app)
    commands.init_app(app)
    return app
