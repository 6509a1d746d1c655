"""notify: mail and its fate. It renders, sends, retries and settles doubt; it knows no business
rule.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from services.notify import commands, domains, metrics, retention, sending
from services.notify.handlers import HANDLERS
from services.notify.inbound import archive, bounce_mailbox
from shared import commands as shared_commands
from shared import db, logs, settings, web, worker
from shared.worker import status_report


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The app, wired and connected to nothing yet; `config` overrides the environment."""
    app = Flask(__name__)
    settings.load(app, config)
    logs.init_app(app)
    db.init_app(app)
    web.init_app(app)
    metrics.init_app(app)
    told = {"upkeep": status_report.reporting_loop(mail=domains.mail_report)}
    loops = {"sender": sending.send, "retention": retention.run}
    loops |= {"bounces": bounce_mailbox.watch, "archive": archive.watch}
    worker.init_app(app, handlers=HANDLERS, loops=loops | told)
    shared_commands.init_app(app)
    commands.init_app(app)
    return app
