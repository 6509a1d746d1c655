"""Shows a problem as a page to browsers: same status, same request ID, in their language.

This runs after the response was made, so shared/web/problems.py stays the only place that knows
the texts of errors, and programs under /api/ never get HTML.
"""

from flask import Flask, Response, current_app, render_template, request

from shared import strict_json
from shared.web import browsers, csrf, problems
from shared.web.ui import labels, theme
from shared.web.ui.problem_labels import in_language

UNREAD = frozenset({405, 413, 415})  # what was posted there is no form of ours
AGAIN = frozenset({400, 422, 500, 503})  # the same form may be sent again, perhaps changed
SECRETS = frozenset({"password", "current", "new"})


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
    problem = in_language(strict_json.loads(response.get_data()), labels.language())
    typed = _typed(response.status_code)
    if typed and problem["code"] == "open_too_long":
        problem |= {"detail": labels.say("timed_out_text")}
    page = render_template(
        "ui/problem.html",
        problem=problem,
        layout=current_app.extensions["ui"]["layout"],
        home_label=current_app.extensions["ui"]["home"](),
        posted=request.method == "POST",
        typed=typed,
        token=csrf.token() if typed and response.status_code in AGAIN else "",
    )
    response.set_data(page)
    response.mimetype = "text/html"
    return response


def _typed(status: int) -> list[tuple[str, str, bool]]:
    """Name and value of what was posted, and whether somebody has written it; empty if nothing
    would be lost, where a secret was posted, and where another site posted it.
    """
    if request.method != "POST" or status in UNREAD or request.url_rule is None:
        return []
    if browsers.from_elsewhere():
        return []
    try:
        posted = [pair for pair in request.form.items(multi=True) if pair[0] != csrf.FIELD]
    except problems.Problem:  # the form itself cannot be read
        return []
    fields = [(name, value, len(value.split()) > 1) for name, value in posted]
    shown = any(written for _, _, written in fields) and SECRETS.isdisjoint(request.form)
    return fields if shown else []


def _reads_pages() -> bool:
    accepted = request.accept_mimetypes
    return accepted["text/html"] > max(accepted["application/json"], accepted[problems.MEDIA_TYPE])
