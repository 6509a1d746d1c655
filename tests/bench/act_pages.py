"""Pages of the form: a section compared with plain Flask-WTF, the start page with hello."""

import json
from collections.abc import Iterable
from typing import Any

from flask import Flask, g

from services.intake.forms import fields as form_fields
from services.intake.forms import steps
from services.intake.forms.fields import FormValues
from shared.profile import branch_of
from shared.web.ui.fields import Field
from tests.bench import drafts
from tests.bench.figures import Row, at_most
from tests.bench.rig import Rig
from tests.bench.serving import Server, Visit, cpu, in_turns, measure_round
from tests.bench.visitor import Visitor
from tests.intake import browsing
from tests.intake.browsing import Control

CLIENTS = 4  # enough to reach both workers
Pairs = list[tuple[str, str]]


def section(rig: Rig) -> list[Row]:
    """Open and save the section with most questions."""
    answers = drafts.forty()
    app = rig.apps["intake"]
    step = drafts.fullest(answers)
    form = _form(app, answers, step.id)
    posted = [pair for pair in form.data() if pair[0] not in drafts.HIDDEN]
    told = rig.folder / "controls.json"
    with app.app_context():
        g.language = "en"
        told.write_text(
            json.dumps({"title": step.title, "controls": _controls(form, step, answers)})
        )
    begun = [drafts.begun(app, answers) for _ in range(CLIENTS)]
    with rig.ours("intake", rig.production) as ours, rig.floor(controls=str(told)) as floor:
        here = [Visitor(ours.url, drafts.cookie(app, key=one.key), at=one.address) for one in begun]
        there = [Visitor(floor.url) for _ in range(CLIENTS)]
        path = f"/{step.id}"
        times = rig.size.visits // 2
        rounds = in_turns(
            rig.size.rounds,
            lambda: measure_round(
                ours, here, _through(path, [*posted, ("go", "next")]), times=times
            ),
            lambda: measure_round(
                floor, there, _through("/section", _unmarked(posted)), times=times
            ),
        )
    name = f"one section ({step.id}, {len(step.questions)} questions), GET + POST (CPU)"
    return [at_most(name, cpu(rounds[0]), cpu(rounds[1]), 1.3)]


def start(rig: Rig) -> list[Row]:
    """The start page for a new visitor."""
    with rig.ours("intake", rig.production) as ours, rig.floor() as floor:
        rounds = in_turns(
            rig.size.rounds,
            lambda: measure_round(ours, _strangers(ours), _opening("/"), times=2 * rig.size.visits),
            lambda: measure_round(
                floor, _strangers(floor), _opening("/healthz"), times=4 * rig.size.visits
            ),
        )
    return [at_most("start page GET (CPU)", cpu(rounds[0]), cpu(rounds[1]), 1.5)]


def _opening(path: str) -> Visit:
    def visit(visitor: Visitor) -> None:
        visitor.get(path)

    return visit


def _through(path: str, posted: Pairs) -> Visit:
    def visit(visitor: Visitor) -> None:
        address = f"{visitor.at}{path}"
        hidden = visitor.get(address).hidden
        visitor.fill(address, [*hidden.items(), *posted])

    return visit


def _strangers(server: Server) -> list[Visitor]:
    return [Visitor(server.url) for _ in range(CLIENTS)]


def _form(app: Flask, given: dict[str, Any], name: str) -> browsing.Form:
    client = app.test_client()
    for cookie, value in drafts.cookie(app, key=drafts.begun(app, given).key).items():
        client.set_cookie(cookie, value)
    return browsing.get(client, f"/draft/{name}").form


def _controls(form: browsing.Form, step: steps.Step, given: dict[str, Any]) -> list[dict[str, Any]]:
    """The controls of our page as input for a form class, each name once, with our wording."""
    shown = FormValues(drafts.PROFILE, str(branch_of(drafts.PROFILE, given)), given, [])
    words = dict(_words(form_fields.fields_of(shown, step.questions)))
    controls: dict[str, dict[str, Any]] = {}
    for control in form.controls:
        if control.kind != "hidden":
            one = controls.setdefault(control.name, _described(control, words))
            one["options"] += [control.value] if control.ticked else []
    return list(controls.values())


def _described(control: Control, words: dict[str, tuple[str, str]]) -> dict[str, Any]:
    label, hint = words.get(control.name, (control.name, ""))
    options = list(control.options)
    return {"name": control.name, "kind": control.kind, "label": label, "hint": hint,
            "options": options}  # fmt: skip


def _words(fields: Iterable[Field]) -> Iterable[tuple[str, tuple[str, str]]]:
    for field in fields:
        yield field.name, (field.label, field.hint)
        yield from _words(field.parts)


def _unmarked(posted: Pairs) -> Pairs:
    """The same data, as posted to the floor."""
    return [*posted, ("submit", "Save and continue")]
