"""What the markup of every page needs for people who do not see it or use no mouse."""

import copy
import re
from datetime import timedelta

import pytest
from flask import Flask

from services.intake.models import Draft
from shared import db
from shared.profile import versions
from shared.tables import now
from tests.apps import EXAMPLE
from tests.factories import rows, sample, samples
from tests.intake import form_filling as typed
from tests.intake.browsing import Page, get, press

HALF = "partner-half-idea"
BEFORE = ("/", "/start", "/start?as=faculty,staff", "/questions/", "/privacy", "/link", "/go/x",
          "/accessibility", "/deleted", "/draft/you")  # fmt: skip
DURING = ("/draft/you", "/draft/idea", "/draft/learners", "/draft/shape", "/draft/plan",
          "/draft/more", "/draft/contacts", "/draft/credential", "/draft/check",
          "/draft/saved", "/draft/delete", "/draft/start")  # fmt: skip
RAW = re.compile(r"\b[a-z]+_[a-z_]+\b|\{\{|\{[a-z]+\}|Undefined")


def owed(page: Page) -> None:
    """Every page: one h1, a title, a language, ids once, labels, described-by that exists."""
    assert len(page.attributes("h1")) == 1
    assert page.text("title")
    ids = [given["id"] for _, given in page.elements if "id" in given]
    assert len(ids) == len(set(ids))
    labelled = {given["for"] for given in page.attributes("label") if "for" in given}
    for tag, given in page.elements:
        assert {"style", "onclick", "placeholder"}.isdisjoint(given), (tag, given)
        assert set(given.get("aria-describedby", "").split()) <= set(ids), given
        assert set(given.get("aria-labelledby", "").split()) <= set(ids), given
        kind = given.get("type", "text")
        if tag in ("input", "textarea", "select") and kind not in ("hidden", "radio", "checkbox"):
            assert given.get("id") in labelled or given.get("aria-label"), given
    for given in page.attributes("a"):
        assert given["href"] not in ("", "#"), given
        if given["href"].startswith("#"):
            assert given["href"][1:] in ids, given
    assert "style" not in [tag for tag, _ in page.elements]
    for area in ("main", "title", "header", "footer"):
        assert not RAW.search(page.text(area)), RAW.search(page.text(area))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_before_the_form_have_sound_markup(apps: dict[str, Flask], language: str):
    client = apps["intake"].test_client()
    get(client, f"/?lang={language}")
    for path in BEFORE:
        owed(get(client, path))
    page = get(client, "/link")
    page.form.named("known")[0].value = "ada@harborhealth.example"
    page = press(client, page, ("go", "send"))
    owed(page)
    owed(press(client, page, ("go", "code")))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_of_the_form_have_sound_markup_empty_wrong_or_full(
    apps: dict[str, Flask], language: str
):
    client, body = apps["intake"].test_client(), sample("partner-sterile-processing")
    owed(typed.begin(client, "partner", language=language))
    owed(press(client, get(client, "/draft/you")))
    typed.core(client, body | {"language": language})
    for path in DURING:
        page = get(client, path)
        assert page.status == 200, path
        owed(page)
    owed(press(client, get(client, "/draft/contacts"), ("add", "co_proposers")))
    owed(typed.send(client, get(client, "/draft/check")))
    owed(typed.send(client, typed.ready(client, body)))
    owed(get(client, "/status"))


@pytest.mark.parametrize("name", [name for name in samples() if name.startswith(("fac", "staff"))])
def test_the_pages_of_a_campus_branch_have_sound_markup(apps: dict[str, Flask], name: str):
    client = apps["intake"].test_client()
    typed.core(client, sample(name))
    for path in DURING:
        owed(get(client, path))


def test_a_page_asks_six_questions_at_most(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    for name in samples():
        typed.core(client, sample(name))
        for path in DURING[:5]:
            page = get(client, path)
            shown = [control for control in page.form.controls if control.kind != "hidden"]
            assert len({one.name.partition(".")[0] for one in shown}) <= 6, (name, path)


def test_a_question_that_hangs_on_its_neighbor_says_when_it_counts(apps: dict[str, Flask]):
    client, body = apps["intake"].test_client(), sample(HALF)
    typed.core(client, body)
    assert (
        "You can skip this if you chose “Nothing in writing yet.”"
        in get(client, "/draft/learners").text()
    )
    assert "Only if you chose “In person,” " in get(client, "/draft/shape").text()


def test_the_language_may_be_changed_on_the_way_and_nothing_is_lost(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = typed.fill(client, typed.begin(client, "partner"), sample(HALF)["answers"])
    press(client, page, ("go", "later"))
    spanish = get(client, "/draft/you?lang=es")
    assert spanish.attributes("html") == [{"lang": "es"}]
    assert spanish.form.named("contact_name")[0].value
    assert "Su nombre" in spanish.text()
    refused = press(client, get(client, "/draft/idea"))
    assert refused.text("title").startswith("Error:")
    assert refused.text("title").startswith("Error: ")


def test_a_term_that_has_begun_is_offered_to_nobody_who_did_not_choose_it(apps: dict[str, Flask]):
    intake = apps["intake"]
    body = copy.deepcopy(EXAMPLE)
    day = now().date()
    for term, days in zip(body["terms"], (-1, 3, *[300] * 9), strict=False):
        term["starts"] = str(day + timedelta(days=days))
    begun, ahead = (term["value"] for term in body["terms"][:2])
    with intake.app_context(), db.begin() as session:
        versions.put(session, body=body)
    client = intake.test_client()
    answers = sample("faculty-python-for-analysts")["answers"] | {"target_term": ahead}
    typed.core(client, {"answers": answers, "language": "en"})
    offered = get(client, "/draft/plan").html
    assert f'value="{ahead}"' in offered
    assert f'value="{begun}"' not in offered
    assert body["terms"][0]["label"] not in get(client, "/questions/faculty").text()
    (draft,) = rows(intake, Draft)
    with intake.app_context(), db.begin() as session:
        session.get_one(Draft, draft.id).typed = draft.typed | {"target_term": begun}
    assert f'value="{begun}"' in get(client, "/draft/plan").html


def test_the_page_of_all_questions_asks_for_no_files_that_no_page_takes(apps: dict[str, Flask]):
    files = [one for one in EXAMPLE["questions"] if one["type"] == "files"]
    page = get(apps["intake"].test_client(), "/questions/faculty").text()
    assert files
    assert not [file["label"] for file in files if file["label"] in page]
