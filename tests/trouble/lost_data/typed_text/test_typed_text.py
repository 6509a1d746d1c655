"""What people typed into a draft is never lost: two tabs, two devices, our own links, errors."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.intake.models import Draft, Proposal
from tests.apps import on_sqlite
from tests.factories import count, rows, sample
from tests.intake import form_filling as typed
from tests.intake.browsing import Page, get, press
from tests.intake.mailed_links import link_in, mailed

HALF = "partner-half-idea"
ANSWERS = sample(HALF)["answers"]


def with_name(page: Page, name: str) -> Page:
    page.form.named("contact_name")[0].value = name
    return page


def draft_of(app: Flask) -> Draft:
    drafts: list[Draft] = rows(app, Draft)
    (draft,) = drafts
    return draft


def named(page: Page, name: str) -> list[str]:
    """The values of the controls of this name."""
    return [control.value for control in page.form.named(name)]


def choose(client: FlaskClient, page: Page, key: str, which: str) -> Page:
    """Choose one of the two answers that the page shows for this question."""
    for choice in page.form.named(f"choose.{key}"):
        choice.on = choice.value == which
    return press(client, page, ("go", "choose"))


def two_versions(client: FlaskClient) -> Page:
    """Two tabs with the same page: the newer is saved first, then the older."""
    page = typed.fill(client, typed.begin(client, "partner"), ANSWERS)
    press(client, page)
    older, newer = get(client, "/draft/you"), get(client, "/draft/you")
    press(client, with_name(newer, "Newer Name"), ("go", "later"))
    return press(client, with_name(older, "Older Name"))


@pytest.mark.parametrize(("which", "kept"), [("saved", "Newer Name"), ("0", "Older Name")])
def test_the_same_page_in_two_tabs_shows_both_answers_and_asks_which_to_keep(
    apps: dict[str, Flask], which: str, kept: str
):
    client = apps["intake"].test_client()
    page = two_versions(client)
    assert not page.text("title").startswith("Error:")
    assert "Newer Name" in page.text() and "Older Name" in page.text()
    assert draft_of(apps["intake"]).typed["contact_name"] == "Newer Name"
    assert page.form.named("choose.contact_email") == []
    again = choose(client, page, "contact_name", which)
    assert named(again, "contact_name") == [kept]
    assert draft_of(apps["intake"]).typed["contact_name"] == kept


def test_two_versions_wait_until_somebody_chooses(apps: dict[str, Flask]):
    intake = apps["intake"]
    client = intake.test_client()
    two_versions(client)
    unchosen = press(client, get(client, "/draft/you"), ("go", "choose"))
    assert "Choose which answer to keep" in unchosen.text("section")
    assert unchosen.text("title").startswith("Error:")
    typed.core(intake.test_client(), sample(HALF))  # another browser, which changes nothing here
    for name in ("idea", "learners", "shape", "plan"):
        press(client, typed.fill(client, get(client, f"/draft/{name}"), ANSWERS))
    check = typed.ready(client, sample(HALF))
    assert "Choose which answer to keep" in check.text()
    typed.send(client, check)
    assert count(intake, Proposal) == 0
    choose(client, get(client, "/draft/you"), "contact_name", "0")
    assert typed.send(client, typed.ready(client, sample(HALF))).path == "/sent"
    assert rows(intake, Proposal)[0].answers["contact_name"] == "Older Name"


def test_an_answer_that_only_one_tab_changed_is_kept_without_a_question(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    press(client, typed.fill(client, typed.begin(client, "partner"), ANSWERS))
    first, second = get(client, "/draft/you"), get(client, "/draft/you")
    press(client, with_name(first, "Ana Ruiz"))
    second.form.named("contact_title")[0].value = "Director of everything"
    assert press(client, second).path == "/draft/idea"
    draft = draft_of(apps["intake"])
    assert draft.typed["contact_name"] == "Ana Ruiz"
    assert draft.typed["contact_title"] == "Director of everything"


def test_the_same_page_on_two_devices_shows_both_answers(apps: dict[str, Flask]):
    intake = apps["intake"]
    here, there = intake.test_client(), intake.test_client()
    page = press(here, typed.fill(here, typed.begin(here, "partner"), ANSWERS), ("go", "later"))
    page.form.named("email")[0].value = "ada@harborhealth.example"
    press(here, page, ("go", "mail"))
    link = get(there, link_in(mailed(intake, "draft_saved")[0]))
    press(there, link, ("go", "open"))
    on_phone, on_desk = get(there, "/draft/you"), get(here, "/draft/you")
    press(there, with_name(on_phone, "Typed on the phone"))
    both = press(here, with_name(on_desk, "Typed at the desk")).text()
    assert "Typed on the phone" in both and "Typed at the desk" in both


def test_two_drafts_in_two_tabs_stay_apart(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    first = typed.fill(client, typed.begin(client, "partner"), ANSWERS)
    second = typed.begin(client, "partner")
    assert first.address != second.address
    following = press(client, with_name(first, "Of the first"))
    following.form.named("working_title")[0].value = "Title of the first"
    press(client, following)
    names = {draft.typed.get("contact_name"): draft.typed for draft in rows(apps["intake"], Draft)}
    assert names["Of the first"]["working_title"] == "Title of the first"
    assert "working_title" not in names[None]
    assert named(get(client, second.address), "contact_name") == [""]


def test_two_ideas_sent_from_two_tabs_have_a_receipt_each(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    typed.core(client, sample(HALF))
    first = typed.ready(client, sample(HALF))
    typed.play(client, sample("partner-sterile-processing"))
    receipt = typed.send(client, first)
    assert (receipt.path, ANSWERS["working_title"] in get(client, "/status").text()) == (
        "/sent",
        True,
    )
    (sent,) = rows(apps["intake"], Proposal, Proposal.title == ANSWERS["working_title"])
    assert sent.reference[:4] in receipt.text()


def keep(client: FlaskClient, page: Page, **values: str) -> dict[str, str]:
    """What the script of the page posts while people type; its answer."""
    posted = dict(page.form.data()) | values | {"go": "keep"}
    answer = client.post(page.address, data=posted, headers={"Accept": "application/json"})
    assert answer.status_code in (200, 409), answer.text
    return dict(answer.json)


@on_sqlite
def test_answers_are_kept_as_they_are_typed(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = typed.begin(client, "partner")
    kept = keep(client, page, contact_name="A")
    assert "conflict" not in kept
    page.form.named("seen")[0].value = kept["seen"]
    assert "conflict" not in keep(client, page, contact_name="Ana Ru")
    assert draft_of(apps["intake"]).typed["contact_name"] == "Ana Ru"
    assert "you" not in draft_of(apps["intake"]).done
    assert press(client, with_name(page, "Ana Ruiz"), ("go", "later")).path == "/draft/saved"
    assert draft_of(apps["intake"]).typed["contact_name"] == "Ana Ruiz"


@on_sqlite
def test_a_page_is_never_in_conflict_with_itself(apps: dict[str, Flask]):
    """The answer to a save may be lost on the way, and an earlier one may arrive late."""
    client = apps["intake"].test_client()
    page = typed.begin(client, "partner")
    view = named(page, "view")[0].partition(".")[0]
    keep(client, page, contact_name="Ana Ruiz", view=f"{view}.2")
    assert "conflict" not in keep(client, page, contact_name="Ana", view=f"{view}.1")
    assert draft_of(apps["intake"]).typed["contact_name"] == "Ana Ruiz"
    assert "conflict" not in keep(client, page, contact_name="Ana R.", view=f"{view}.3")
    assert draft_of(apps["intake"]).typed["contact_name"] == "Ana R."


@on_sqlite
def test_what_another_tab_changed_is_not_taken_back_by_a_page_that_saves_by_itself(
    apps: dict[str, Flask],
):
    client = apps["intake"].test_client()
    page = typed.begin(client, "partner")
    other = get(client, page.address)
    press(client, with_name(other, "Newer Name"), ("go", "later"))
    for _ in range(2):
        kept = keep(client, page, contact_title="Owner")
        page.form.named("seen")[0].value = kept["seen"]
    draft = draft_of(apps["intake"])
    assert (draft.typed["contact_name"], draft.typed["contact_title"]) == ("Newer Name", "Owner")


@on_sqlite
def test_a_script_is_told_when_another_tab_has_changed_an_answer(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = typed.begin(client, "partner")
    other = get(client, page.address)
    press(client, with_name(other, "Newer Name"), ("go", "later"))
    for _ in range(2):
        kept = keep(client, page, contact_name="Older Name")
        assert kept["conflict"]
        page.form.named("seen")[0].value = kept["seen"]
    draft = draft_of(apps["intake"])
    assert draft.typed["contact_name"] == "Newer Name"
    assert "Older Name" in get(client, page.address).text()


def test_the_last_page_in_two_tabs_shows_both_answers_too(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    typed.core(client, sample(HALF))
    older, newer = get(client, "/draft/check"), get(client, "/draft/check")
    for page, note in ((newer, "The price"), (older, "The recipe")):
        for box in page.form.named("confidentiality.keep_private"):
            box.on = True
        page.form.named("confidentiality.note")[0].value = note
        shown = press(client, page, ("go", "back"))
    choice = get(client, "/draft/check").text()
    assert shown.status == 200 and "The price" in choice and "The recipe" in choice
    again = choose(client, get(client, "/draft/check"), "confidentiality", "0")
    assert named(again, "confidentiality.note") == ["The recipe"]
    assert typed.send(client, typed.fill(client, again, ANSWERS)).path == "/sent"


def test_what_is_sent_is_what_was_checked(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    typed.core(client, sample(HALF))
    check = typed.ready(client, sample(HALF))
    page = get(client, "/draft/idea")
    page.form.named("working_title")[0].value = "Changed in another tab"
    press(client, page)
    looked = typed.send(client, check)
    assert "Changed in another tab" in looked.text()
    assert looked.text("title").startswith("Error:")
    assert count(apps["intake"], Proposal) == 0
    assert typed.send(client, typed.fill(client, looked, ANSWERS)).path == "/sent"
