"""Every part of the design in every state, for people and tests; not part of the product.

`python -m tests.browser.gallery` serves it at http://127.0.0.1:20999/gallery until Ctrl-C.
"""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, g, render_template
from werkzeug.serving import make_server

from shared.tables import now
from shared.web import ui
from shared.web.ui import colors
from tests import apps
from tests.browser import gallery_fields as made
from tests.browser.gallery_fields import LONG, NEED

HERE = Path(__file__).parent
PAGES = ("form", "wrong", "kinds", "kinds-wrong", "parts", "staff", "es")

bp = Blueprint("gallery", __name__, url_prefix="/gallery", template_folder=str(HERE))

STEPS = [
    {"title": "About you", "state": "done", "href": "#you"},
    {"title": "The need", "state": "now", "href": "#need"},
    {"title": "The people who will learn"},
    {"title": "How it could work"},
    {"title": "Timing and money"},
    {"title": "Check and send"},
]


def answers() -> list[dict[str, Any]]:
    """The rows of a check page."""
    return [
        {"key": "title", "label": "Working title", "shown": ["Sterile processing"], "href": "#a"},
        {"key": "need", "label": "The need", "shown": [f"{NEED}\n\n{LONG}"], "href": "#b"},
        {"key": "skills", "label": "Skills", "shown": ["Inspect a tray", "Run"], "href": "#c"},
        {"key": "cost", "label": "Cost", "shown": [], "not_sure": True, "href": "#d"},
    ]


def queue() -> list[dict[str, Any]]:
    """Rows of a queue, with none, two and four flags."""
    flag = [
        {"title": "No sponsor yet", "hot": True},
        {"title": "4 not sure"},
        {"title": "Answered in part"},
        {"title": "Possible duplicates: 2"},
    ]
    rows: list[dict[str, Any]] = [
        {"due": "1 day late", "tone": "late", "share": 1, "flags": flag, "unseen": True},
        {"due": "today, 5 pm", "tone": "soon", "share": 0.9, "flags": flag[:2], "unseen": True},
        {"due": "paused, 4 of 10 days used", "tone": "held", "share": 0.4, "flags": []},
        {"due": "Wed, Nov 25", "tone": "", "share": 0.2, "flags": flag[:1]},
    ]
    names = ["Reading shop drawings", "Peer listener, level 1", LONG, "Grant writing"]
    return [{"title": name, **row} for name, row in zip(names, rows, strict=True)]


FIELDS = {
    "form": made.page_of_the_form,
    "wrong": made.wrong_page,
    "kinds": made.every_kind,
    "kinds-wrong": made.every_kind_wrong,
    "es": made.wrong_page,
}


@bp.get("/<name>")
def page(name: str) -> str:
    """One page of the gallery."""
    if name == "es":
        g.language = "es"
    template = "form" if name in FIELDS else name
    return render_template(
        f"gallery_{template}.html",
        name=name,
        fields=FIELDS.get(name, list)(),
        steps=STEPS,
        answers=answers(),
        queue=queue(),
        now=now(),
        hour=timedelta(hours=1),
    )


def make(folder: Path, *, brand: str = "") -> Flask:
    """intake with the example profile and the gallery; `brand` overrides the campus color."""
    app = apps.start("intake", DATABASE_URL=f"sqlite:///{folder}/{{service}}.db")
    if "ui" not in app.extensions:
        ui.init_app(app)
    app.register_blueprint(bp)
    if brand:
        tokens = colors.NEUTRAL | {"brand": brand, "on_brand": ""}
        app.jinja_env.globals["brand"] = lambda kind: f"/ui/brand-{colors.version(tokens)}.{kind}"
    return app


@contextmanager
def served(folder: Path, *, brand: str = "", port: int = 0) -> Iterator[str]:
    """The address of the gallery, on a free port of loopback."""
    app = make(folder, brand=brand)
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/gallery"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        apps.close(app)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), port=20999) as address:
        print("\n".join(f"{address}/{name}" for name in PAGES))
        threading.Event().wait()
