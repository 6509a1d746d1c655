"""review: the service of the office. It owns cases, decisions, the catalogue and the published
profile.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from services.review import commands, permissions, routes, timers
from services.review.handlers import HANDLERS
from services.review.monitoring import service_status
from shared import commands as shared_commands
from shared import db, logs, settings, web, worker
from shared.settings import handshakes
from shared.settings.checks import refuse_bad
from shared.web import ui
from shared.worker import status_report

LOOPS = {
    "departures": timers.let_leave,
    "reopening": timers.reopen_held_cases,
    "deadline_reminders": timers.remind_of_deadlines,
    "weekly_digest": timers.send_weekly_digests,
    "morning_digest": timers.send_morning_digests,
    "password_links": timers.send_password_links,
    "status_report": status_report.reporting_loop(deliver=service_status.record_status),
}


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The app, wired but not connected yet; `config` overrides the environment."""
    app = Flask(__name__, static_folder=None)
    settings.load(app, config)
    refuse_bad(app)
    logs.init_app(app)
    db.init_app(app)
    web.init_app(app)
    ui.init_app(app, staff=True)
    permissions.init_app(app)
    worker.init_app(app, handlers=HANDLERS, loops=LOOPS)
    handshakes.init_app(app)
    shared_commands.init_app(app)
    commands.init_app(app)
    for blueprint in routes.BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
