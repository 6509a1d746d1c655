"""The form asks nothing twice, says what is wrong where it is, and always has a way on."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.intake.models import Draft, Proposal
from shared.profile import Profile
from tests.apps import EXAMPLE, on_sqlite
from tests.factories import count, rows, sample
from tests.intake import form_filling as typed
from tests.intake.browsing import HTML, Page, get, page_of, press
from tests.intake.mailed_links import HALF, RAY, mailed, request_link
from tests.review.office import signed_in, visit

PROFILE = Profile.of(EXAMPLE)
ANSWERS = sample(HALF)["answers"]
MUNICH = "ana@münchen.example"

pytestmark = on_sqlite


def errors(page: Page) -> list[str]:
    """The lines of the error summary."""
    return [link for link in page.links if link.startswith("#") and link != "#main"]


def test_a_door_for_one_group_does_not_ask_again_who_people_are(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    doors = [link for link in get(client, "/").links if link.startswith("/start?as=")]
    single = [door for door in doors if "," not in door.replace("%2C", ",")]
    assert len(single) == 2
    for door in single:
        page = get(client, door)
        assert [control.kind for control in page.form.named("proposer_kind")] == ["hidden"]
        assert "/start" in page.links, "people who took the wrong door can choose again"
        assert press(client, page).path == "/draft/you"
        (draft, *_) = rows(apps["intake"], Draft, Draft.typed["proposer_kind"].is_not(None))
        assert draft is not None
    (several,) = set(doors) - set(single)
    assert {control.kind for control in get(client, several).form.named("proposer_kind")} == {
        "radio"
    }


def last_page(client: FlaskClient, *, note: str) -> Page:
    """The filled-in check page with this note about what is confidential, and no tick."""
    typed.core(client, sample(HALF))
    page = typed.ready(client, sample(HALF))
    page.form.named("confidentiality.note")[0].value = note
    for box in page.form.named("confidentiality.keep_private"):
        box.on = False
    return page


def test_a_note_about_what_is_confidential_keeps_it_private_without_a_tick(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    assert typed.send(client, last_page(client, note="The price")).path == "/sent"
    (proposal,) = rows(apps["intake"], Proposal)
    assert proposal.answers["confidentiality"] == {"keep_private": True, "note": "The price"}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("branch", PROFILE.branches)
def test_no_two_errors_of_a_page_say_the_same(apps: dict[str, Flask], branch: str, language: str):
    client = apps["intake"].test_client()
    page = typed.begin(client, branch, language=language)
    for step in ("you", "idea", "learners", "shape", "plan"):
        page = get(client, f"/draft/{step}")
        if page.status == 404:
            continue
        wrong = press(client, page)
        said = [line for line in wrong.text("li").split(". ") if line]
        paragraphs = [line for line in wrong.html.split("</p>") if "visually-hidden" in line]
        sentences = [line.rpartition("</span>")[2] for line in paragraphs]
        assert len(sentences) == len(set(sentences)), (step, said)


def test_an_address_of_somebody_else_is_not_filled_in_with_ones_own(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    typed.core(client, sample("partner-sterile-processing"))
    own = get(client, "/draft/you")
    assert autocomplete(own, "contact_email") == {"email"}
    page = press(client, get(client, "/draft/contacts"), ("add", "co_proposers"))
    assert autocomplete(page, "contact_phone") == {"tel"}
    for name in ("co_proposers.1.email", "co_proposers.1.phone"):
        assert autocomplete(page, name) <= {"off"}, name
    others = {given["name"] for given in page.attributes("input")
              if given.get("autocomplete") in ("email", "tel")} - {"contact_phone"}  # fmt: skip
    assert others == set()
    assert autocomplete(visit(signed_in(apps["review"], "admin"), "/people"), "email") == {"off"}


def autocomplete(page: Page, name: str) -> set[str]:
    return {given.get("autocomplete", "") for given in page.attributes("input")
            if given.get("name") == name}  # fmt: skip


def test_the_page_for_the_code_has_an_address_and_can_be_loaded_again(apps: dict[str, Flask]):
    intake = apps["intake"]
    client = intake.test_client()
    typed.play(client, sample(HALF))
    other = intake.test_client()
    page = request_link(other, ANSWERS["contact_email"])
    assert (page.path, page.response.request.method) == ("/link/code", "GET")
    again = get(other, "/link/code")
    assert again.text() == page.text()
    assert RAY not in again.html and ANSWERS["contact_email"] not in again.html
    wrong = again
    wrong.form.named("code")[0].value = "000000"
    shown = press(other, wrong, ("go", "code"))
    assert (shown.response.request.method, shown.text("title")[:6]) == ("GET", "Error:")
    assert get(intake.test_client(), "/link/code").path == "/link"


def test_my_idea_leads_to_the_draft_of_this_browser(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = press(client, typed.fill(client, typed.begin(client, "partner"), ANSWERS))
    assert get(client, "/status").path == page.path == "/draft/idea"
    assert get(apps["intake"].test_client(), "/status").path == "/link"


def test_what_was_left_open_is_folded_on_the_last_page(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    typed.core(client, sample(HALF))
    check = get(client, "/draft/check")
    (opened,) = [given for given in check.attributes("details") if "open" not in given
                 and given.get("id") == "left-open"]  # fmt: skip
    assert opened
    assert "Not answered (" in check.text("summary")
    assert len(check.words["summary"]) < len(check.words["details"])


def test_an_address_is_shown_as_it_was_typed(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    body = sample(HALF)
    body["answers"] = body["answers"] | {"contact_email": MUNICH}
    typed.core(client, body)
    check = typed.ready(client, body)
    saved = get(client, "/draft/saved")
    saved.form.named("email")[0].value = MUNICH
    pages = [check, press(client, saved, ("go", "mail")), typed.send(client, check)]
    pages.append(get(client, "/status"))
    for page in pages:
        assert MUNICH in page.text(), page.path
        assert "xn--" not in page.html, page.path
    assert mailed(apps["intake"], "receipt")[0]["to_address"] == "ana@xn--mnchen-3ya.example"


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("es-MX,es;q=0.9,en;q=0.5", "es"), ("de, en;q=0.5", "en"), ("fr", "en"), ("", "en"),
     ("en-US,en;q=0.9,es;q=0.8", "en")],
)  # fmt: skip
def test_the_first_page_is_in_the_language_of_the_browser(
    apps: dict[str, Flask], wanted: str, language: str
):
    intake = apps["intake"]
    get(
        intake.test_client(),
        "/",
    )
    for path in ("/", "/start", "/questions/", "/nothing-here"):
        client = intake.test_client()
        answer = client.get(path, headers=HTML | {"Accept-Language": wanted})
        assert page_of(answer).attributes("html") == [{"lang": language}], path
        assert "Accept-Language" in answer.headers["Vary"], path
    chosen = intake.test_client()
    get(chosen, "/?lang=en")
    spanish = {"Accept-Language": "es"} | HTML
    assert page_of(chosen.get("/start", headers=spanish)).attributes("html") == [{"lang": "en"}]


def needed_by(client: FlaskClient, month: str) -> Page:
    """The answer to a partner's page that asks for a month."""
    typed.core(client, sample("partner-sterile-processing"))
    page = get(client, "/draft/plan")
    page.form.named("needed_by.month")[0].value = month
    return press(client, page)


@pytest.mark.parametrize(
    ("month", "shown"),
    [("2024-03", "March 2024"), ("2024-03-01", "March 1, 2024"), ("2000-01", "January 2000")],
)
def test_a_month_that_has_passed_is_said(apps: dict[str, Flask], month: str, shown: str):
    client = apps["intake"].test_client()
    page = needed_by(client, month)
    assert errors(page) == ["#needed_by-month"]
    assert "is in the past" in page.text("section")
    assert page.form.named("needed_by.month")[0].value == shown
    sent = typed.send(client, typed.ready(client, sample("partner-sterile-processing")))
    assert "is in the past" in sent.text()
    assert count(apps["intake"], Proposal) == 0


@pytest.mark.parametrize("month", ["2099-12", "2099-12-31"])
def test_a_month_to_come_is_taken(apps: dict[str, Flask], month: str):
    assert needed_by(apps["intake"].test_client(), month).path == "/draft/more"
