"""Hundreds of drafts, ready to submit, each with the cookie of its browser."""

import copy
from typing import Any, NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from marshmallow import ValidationError

from services.intake.access import browser_grants
from services.intake.drafts import drafts
from services.intake.forms import steps
from services.intake.forms.steps import Step
from shared import db, references
from shared.profile import Profile, branch_of
from shared.profile.answers import validation
from shared.profile.conditions import is_not_sure
from tests.apps import EXAMPLE
from tests.factories import sample
from tests.intake import browsing
from tests.intake import form_filling as typed
from tests.intake.browsing import Page

PROFILE = Profile.of(EXAMPLE)
SAMPLE = "faculty-inclusive-leadership"
LARGEST = "faculty-full-water-testing"
FORTY = 40


HIDDEN = ("csrf_token", "view", "seen", "version")


class Begun(NamedTuple):
    """A draft: the key of its browser, and its address."""

    key: str
    address: str


class Ready(NamedTuple):
    """Drafts of one kind: cookie and address of each, and the fields that the last page posts."""

    drafts: list[tuple[dict[str, str], str]]
    fields: list[tuple[str, str]]


def forty() -> dict[str, Any]:
    """A sample cut to forty answers: optional ones are dropped, the last first."""
    given: dict[str, Any] = copy.deepcopy(sample(SAMPLE)["answers"])
    for key in reversed(list(given)):
        if len(given) > FORTY and _sound(fewer := {k: v for k, v in given.items() if k != key}):
            given = fewer
    assert len(given) == FORTY, len(given)
    return given


def largest() -> dict[str, Any]:
    """The answers of the largest sample."""
    found: dict[str, Any] = sample(LARGEST)["answers"]
    return found


def ready(app: Flask, count: int, given: dict[str, Any]) -> Ready:
    """Drafts with these answers, stored as the pages would."""
    results = [begun(app, given) for _ in range(count)]
    ready_drafts = [(cookie(app, key=one.key), one.address) for one in results]
    form = _last_form(app, ready_drafts[0][0], given)
    return Ready(ready_drafts, [pair for pair in form if pair[0] not in HIDDEN])


def begun(app: Flask, given: dict[str, Any]) -> Begun:
    """Add one draft."""
    found = steps.steps(PROFILE, str(branch_of(PROFILE, given)), given)
    last = {spec["key"] for spec in steps.sending(found)}
    begun_answers = {k: v for k, v in given.items() if k not in last and not is_not_sure(v)}
    with app.app_context(), db.begin() as session:
        draft = drafts.begin(session, language="en", typed=begun_answers)
        draft.not_sure = [name for name, value in given.items() if is_not_sure(value)]
        draft.done = [step.id for step in found if step.kind != "send"]
        key = browser_grants.grant(
            session, None, kind="draft", thing_id=draft.id, lasts=browser_grants.DRAFT_GRANT
        )
        return Begun(key, f"/draft/{references.display(draft.reference)}")


def pages(given: dict[str, Any]) -> list[Step]:
    """The core pages of these answers."""
    found = steps.steps(PROFILE, str(branch_of(PROFILE, given)), given)
    return steps.core(found, PROFILE)


def fullest(given: dict[str, Any]) -> Step:
    """The core page with most questions."""
    return max(pages(given), key=lambda step: len(step.questions))


def last_page(client: FlaskClient, given: dict[str, Any]) -> Page:
    """The submit page, filled in."""
    return typed.fill(client, browsing.get(client, typed.CHECK), given)


def cookie(app: Flask, **holds: Any) -> dict[str, str]:
    """A cookie of this app with this content, signed by the app."""
    signing: Any = app.session_interface
    value = signing.get_signing_serializer(app).dumps({"_permanent": True, **holds})
    return {app.config["SESSION_COOKIE_NAME"]: value}


def _sound(given: dict[str, Any]) -> bool:
    try:
        validation.load(PROFILE, given)
    except ValidationError:
        return False
    return True


def _last_form(app: Flask, cookies: dict[str, str], given: dict[str, Any]) -> list[tuple[str, str]]:
    client = app.test_client()
    for name, value in cookies.items():
        client.set_cookie(name, value)
    return [*last_page(client, given).form.data(), ("go", "send")]
