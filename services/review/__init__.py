"""review: where the office works. It owns cases, the catalogue, decisions and the published
profile.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from services.review import (
    access,
    commands,
    forgotten,
    operations,
    routes,
    waking,
    watching,
)
from services.review.handlers import HANDLERS
from shared import commands as shared_commands
from shared import db, logs, settings, upkeep, web, worker
from shared.web import ui

LOOPS = {
    "waker": waking.wake,
    "watcher": watching.watch,
    "digests": watching.sum_up,
    "mornings": watching.greet,
    "forgotten": forgotten.send,
    "upkeep": upkeep.telling(tell=operations.keep),
}


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The app, wired and connected to nothing yet; `config` overrides the environment."""
    app = Flask(__name__, static_folder=None)
    settings.load(app, config)
    logs.init_app(app)
    db.init_app(app)
    web.init_app(app)
    ui.init_app(app, staff=True)
    access.init_app(app)
    worker.init_app(app, handlers=HANDLERS, loops=LOOPS)
    shared_commands.init_app(app)
    commands.init_app(app)
    for blueprint in routes.BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
