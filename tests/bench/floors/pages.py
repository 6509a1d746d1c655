"""Two pages as the documentation of Flask-WTF and Flask writes them: a section, and a queue.

The section has the controls and words of ours, read from FLOOR_CONTROLS; it shows a row and saves
it. The queue shows the rows of our own first page, from the same query, in a plain table.
"""

import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Connection, Engine, bindparam, select, text
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
    validators,
    widgets,
)

DRAFT = UUID(int=1)
LONGEST = 5000

SECTION = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>
<link rel="stylesheet" href="/static/public.css"></head><body><main><h1>{{ title }}</h1>
<form method="post">{{ form.hidden_tag() }}
{% for field in form if field.widget.input_type != "hidden" and field.type != "SubmitField" %}
<div>{{ field.label }}
{% if field.description %}<p class="hint">{{ field.description }}</p>{% endif %}
{{ field() }}
{% if field.errors %}<ul class="errors">
{% for error in field.errors %}<li>{{ error }}</li>{% endfor %}</ul>{% endif %}</div>
{% endfor %}{{ form.submit() }}</form></main></body></html>"""

QUEUE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Queue</title></head>
<body><table><thead><tr><th>Proposal<th>From<th>State<th>Due<th>Owner</tr></thead><tbody>
{% for row in rows %}<tr>
<td><a href="/cases/{{ row.reference }}">{{ row.title }}</a> {{ row.reference }}
{{ row.people[0].name if row.people else "" }}, {{ row.organization }}<td>{{ row.branch }}
<td>{{ row.state }}<td>{{ row.due_on }}<td>{{ row.name or "Nobody yet" }}</tr>
{% endfor %}</tbody></table></body></html>"""


class Boxes(SelectMultipleField):  # type: ignore[misc]  # WTForms has no types
    """Several boxes, as the documentation of WTForms makes them."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


def init_app(app: Flask, engine: Engine) -> None:
    """Add the pages that this process was given the data for."""
    if controls := os.environ.get("FLOOR_CONTROLS"):
        _section(app, engine, json.loads(Path(controls).read_text(encoding="utf-8")))
    if os.environ.get("FLOOR_QUEUE"):
        _queue(app, engine)


def _section(app: Flask, engine: Engine, given: dict[str, Any]) -> None:
    members = {one["name"]: _field(one) for one in given["controls"]}
    page = app.jinja_env.from_string(SECTION)
    form_of = type("Section", (FlaskForm,), members | {"submit": SubmitField("Save and continue")})

    @app.route("/section", methods=["GET", "POST"])
    def section() -> ResponseReturnValue:
        with engine.connect() as link:
            kept = _stored_body(link)
        form = form_of(data=kept)
        if form.validate_on_submit():
            form_data = {name: form[name].data for name in members}
            with engine.begin() as link:
                link.execute(
                    text("UPDATE floor_things SET body = :body WHERE id = :id"),
                    {"id": DRAFT, "body": json.dumps(form_data)},
                )
            return redirect(url_for("section"), 303)
        status = 422 if form.is_submitted() else 200
        return render_template(page, form=form, title=given["title"]), status


def _stored_body(link: Connection) -> dict[str, Any]:
    query = text("SELECT body FROM floor_things WHERE id = :id")
    body: dict[str, Any] = link.execute(query, {"id": DRAFT}).scalar_one()
    return body


def _field(one: dict[str, Any]) -> Any:
    """The field that somebody who reads the documentation takes for such a control."""
    words = {"label": one["label"], "description": one["hint"]}
    choices = [(value, value) for value in one["options"]]
    optional = [validators.Optional()]
    if one["kind"] == "radio":
        return RadioField(**words, choices=choices, validators=optional)
    if one["kind"] == "select":
        return SelectField(**words, choices=choices, validators=optional)
    if one["kind"] == "checkbox" and len(choices) > 1:
        return Boxes(**words, choices=choices, validators=optional)
    if one["kind"] == "checkbox":
        return BooleanField(**words)
    kind = TextAreaField if one["kind"] == "textarea" else StringField
    return kind(**words, validators=[*optional, validators.Length(max=LONGEST)])


def _queue(app: Flask, engine: Engine) -> None:
    from services.review.models import Case, Staff
    from services.review.models.states import OPEN
    from services.review.queue.listing import PAGE_SIZE

    shown = app.jinja_env.from_string(QUEUE)
    page = (
        select(Case.reference, Case.title, Case.organization, Case.people, Case.branch, Case.state,
               Case.due_on, Staff.name)
        .join(Staff, Case.owner_id == Staff.id, isouter=True)
        .where(Case.state.in_(bindparam("open", OPEN, expanding=True, literal_execute=True)))
        .order_by(Case.due_on, Case.submitted_at, Case.id)
        .limit(PAGE_SIZE)
    )  # fmt: skip

    @app.get("/queue")
    def queue() -> str:
        with engine.connect() as link:
            return render_template(shown, rows=link.execute(page).all())
