"""Every way off a page of the form keeps what was typed, and none asks to send a form again."""

from collections.abc import Iterable

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from services.intake.models import Draft, Proposal
from tests.factories import count, rows, sample
from tests.intake import form_filling as typed
from tests.intake.browsing import HTML, Page, get, page_of, press

HALF = "partner-half-idea"
ANSWERS = sample(HALF)["answers"]


def draft_of(app: Flask) -> Draft:
    drafts: list[Draft] = rows(app, Draft)
    (draft,) = drafts
    return draft


def named(page: Page, name: str) -> list[str]:
    """The values of the controls of this name."""
    return [control.value for control in page.form.named(name)]


WAYS_OFF = [("go", "back"), ("lang", "es"), ("go", "later"), ("go", "to:you"), ("go", "questions"),
            ("go", "privacy"), ("go", "home"), ("go", "mine")]  # fmt: skip


@pytest.mark.parametrize("way", WAYS_OFF)
def test_every_way_off_a_page_keeps_what_was_typed(apps: dict[str, Flask], way: tuple[str, str]):
    client = apps["intake"].test_client()
    page = press(client, typed.fill(client, typed.begin(client, "partner"), ANSWERS))
    assert page.path == "/draft/idea"
    page.form.named("working_title")[0].value = "Typed before leaving"
    left = press(client, page, way)
    assert left.status == 200
    assert draft_of(apps["intake"]).typed["working_title"] == "Typed before leaving"
    if way == ("lang", "es"):
        assert left.attributes("html") == [{"lang": "es"}]
        assert named(left, "working_title") == ["Typed before leaving"]


def ways(page: Page) -> Iterable[str]:
    """The links of a page that lead off it, and so would drop what was typed."""
    return [link for link in page.links if not link.startswith(("#", "mailto:", "tel:"))]


def test_no_plain_link_leads_off_a_page_with_answers(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = press(client, typed.fill(client, typed.begin(client, "partner"), ANSWERS))
    assert ways(page) == []
    assert ways(get(client, "/draft/check")) == []


def test_an_error_and_another_line_are_pages_that_can_be_loaded_again(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = typed.begin(client, "partner")
    for button in (("go", "next"), ("go", "later")):
        assert press(client, page, button, follow=False).status == 303
    wrong = press(client, page)
    assert wrong.text("title").startswith("Error:")
    assert get(client, wrong.response.request.full_path).text() == wrong.text()
    page = press(client, typed.fill(client, page, ANSWERS))
    for expected in (4, 5):
        page = press(client, page, ("add", "skills"))
        assert (page.status, len(named(page, "skills"))) == (200, expected)
        assert page.response.request.method == "GET"
    assert press(client, page, ("remove", "skills:5"), follow=False).status == 303


def test_a_page_that_was_open_for_two_days_is_saved(
    apps: dict[str, Flask], monkeypatch: pytest.MonkeyPatch
):
    intake = apps["intake"]
    client = intake.test_client()
    page = typed.fill(client, typed.begin(client, "partner"), ANSWERS)
    intake.config["WTF_CSRF_TIME_LIMIT"] = -1  # every token has expired
    assert press(client, page).path == "/draft/idea"
    assert draft_of(intake).typed["contact_name"] == ANSWERS["contact_name"]


@pytest.mark.parametrize("way", [("go", "back"), ("lang", "es")])
def test_what_is_typed_on_the_last_page_is_kept_too(apps: dict[str, Flask], way: tuple[str, str]):
    client = apps["intake"].test_client()
    typed.core(client, sample(HALF))
    check = get(client, "/draft/check")
    for box in check.form.named("confidentiality.keep_private"):
        box.on = True
    check.form.named("confidentiality.note")[0].value = "The price"
    left = press(client, check, way)
    assert left.path == ("/draft/check" if way[0] == "lang" else "/draft/more")
    assert draft_of(apps["intake"]).typed["confidentiality"]["note"] == "The price"
    assert count(apps["intake"], Proposal) == 0


def test_old_addresses_of_a_draft_lead_to_its_own(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = typed.fill(client, typed.begin(client, "partner"), ANSWERS)
    reference = page.address.split("/")[2]
    for old in ("you", "check", "more", "saved", "delete", ""):
        assert get(client, f"/draft/{old}").address.startswith(f"/draft/{reference}/"), old
    (draft,) = rows(apps["intake"], Draft)
    other = typed.begin(client, "partner")
    assert other.address != page.address
    posted = MultiDict([*page.form.data(), ("draft", str(draft.id)), ("go", "next")])
    before = client.post("/draft/you", data=posted, headers=HTML)
    assert (before.status_code, before.location) == (307, f"/draft/{reference}/you")
    saved = client.post(before.location, data=posted, headers=HTML, follow_redirects=True)
    assert page_of(saved).address == f"/draft/{reference}/idea"
