"""Shows a problem as a page to browsers: same status, same request ID, in their language.

This runs after the response was made, so shared/web/problems.py stays the only place that knows
the texts of errors, and programs under /api/ never get HTML.
"""

from flask import Flask, Response, current_app, render_template, request

from shared import strict_json
from shared.web import problems
from shared.web.ui import labels, theme
from shared.web.ui.problem_labels import in_language


def init_app(app: Flask) -> None:
    """Replace problem responses with pages for browsers."""
    app.after_request(_page)


def _page(response: Response) -> Response:
    if response.mimetype != problems.MEDIA_TYPE or request.path.startswith("/api/"):
        return response
    response.vary.add("Accept")
    if not _reads_pages():
        return response
    if response.status_code >= 500:
        theme.skip_database()
    page = render_template(
        "ui/problem.html",
        problem=in_language(strict_json.loads(response.get_data()), labels.language()),
        layout=current_app.extensions["ui"]["layout"],
        posted=request.method == "POST",
    )
    response.set_data(page)
    response.mimetype = "text/html"
    return response


def _reads_pages() -> bool:
    accepted = request.accept_mimetypes
    return accepted["text/html"] > max(accepted["application/json"], accepted[problems.MEDIA_TYPE])
