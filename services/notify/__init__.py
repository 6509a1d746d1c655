"""notify: mail and its delivery. It renders, sends, retries and settles doubt; it knows no
business rule.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from services.notify import commands, metrics, timers
from services.notify.handlers import HANDLERS
from services.notify.settings_checks import check_mail
from shared import commands as shared_commands
from shared import db, logs, settings, web, worker
from shared.settings import handshakes
from shared.settings.checks import refuse_bad
from shared.worker import status_report

LOOPS = {
    "sender": timers.send_mails,
    "retention": timers.delete_texts,
    "bounces": timers.read_bounces,
    "archive": timers.check_archive,
    "status_report": status_report.reporting_loop(mail=timers.mail_report),
}


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The app, wired and connected to nothing yet; `config` overrides the environment."""
    app = Flask(__name__)
    settings.load(app, config)
    refuse_bad(app, check_mail)
    logs.init_app(app)
    db.init_app(app)
    web.init_app(app)
    metrics.init_app(app)
    worker.init_app(app, handlers=HANDLERS, loops=LOOPS)
    handshakes.init_app(app, *commands.handshakes(app.config))
    shared_commands.init_app(app)
    commands.init_app(app)
    return app
