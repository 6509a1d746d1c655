"""intake serves people outside the office. It owns people, drafts, proposals and access."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from services.intake import commands, routes, timers
from services.intake.handlers import HANDLERS
from shared import commands as shared_commands
from shared import db, logs, settings, web, worker
from shared.settings import handshakes
from shared.settings.checks import refuse_bad
from shared.web import ui
from shared.worker import status_report


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The app, wired and connected to nothing yet; `config` overrides the environment."""
    app = Flask(__name__)
    settings.load(app, config)
    refuse_bad(app)
    logs.init_app(app)
    db.init_app(app)
    web.init_app(app)
    ui.init_app(app)
    loops = {
        "draft_deletion": timers.delete_expired,
        "draft_reminders": timers.remind_of_drafts,
        "visitors_limit": timers.watch_visitors_limit,
        "status_report": status_report.reporting_loop(),
    }
    worker.init_app(app, handlers=HANDLERS, loops=loops)
    handshakes.init_app(app)
    shared_commands.init_app(app)
    commands.init_app(app)
    for blueprint in routes.BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
