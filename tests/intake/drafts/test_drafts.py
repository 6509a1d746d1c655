"""A draft is saved at every step, right or wrong, and sent once, however often people press."""

import threading
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from services.intake.drafts import drafts
from services.intake.models import Draft, Person, Proposal
from shared import db, references
from shared.tables import OutboxRow, now
from tests.apps import close, make, seed
from tests.factories import count, rows, sample
from tests.intake import form_filling as typed
from tests.intake.browsing import HTML, get, press, without_draft
from tests.shared.forms import EXAMPLE

HALF = "partner-half-idea"


def test_the_form_shows_typed_values_again_even_refused_ones(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = typed.begin(client, "partner")
    typed.fill(client, page, {"contact_name": "Ana Ruiz", "contact_email": "no address"})
    refused = press(client, page)
    assert refused.text("title").startswith("Error:")
    again = get(client, "/draft/you")
    for shown in (refused, again):
        assert [one.value for one in shown.form.named("contact_email")] == ["no address"]
        assert [one.value for one in shown.form.named("contact_name")] == ["Ana Ruiz"]
    (draft,) = rows(apps["intake"], Draft)
    assert draft.typed["contact_email"] == "no address"
    assert "you" not in draft.done


def test_a_number_that_is_none_is_kept_as_it_was_typed(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    typed.core(client, sample(HALF))
    page = get(client, "/draft/learners")
    (low,) = page.form.named("learner_count_first.from")
    low.value = "a few dozen"
    for box in page.form.named("learner_count_first.not_sure"):
        box.on = False
    refused = press(client, page)
    assert refused.text("title").startswith("Error:")
    assert refused.form.named("learner_count_first.from")[0].value == "a few dozen"


def test_an_answer_beside_not_sure_is_ignored_until_not_sure_is_unchecked(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = typed.begin(client, "other")
    page = press(client, typed.fill(client, page, sample(HALF)["answers"]))
    page.form.named("skills")[0].value = "Sharpen a saw"
    page.form.named("skills.not_sure")[0].on = True
    press(client, page)
    (draft,) = rows(apps["intake"], Draft)
    assert (draft.typed["skills"], draft.not_sure) == (["Sharpen a saw"], ["skills"])
    again = get(client, "/draft/idea")
    assert again.form.named("skills")[0].value == "Sharpen a saw"
    assert again.form.named("skills.not_sure")[0].on


def test_answers_that_other_answers_close_are_left_out_and_the_check_page_says_so(
    apps: dict[str, Flask],
):
    intake, body = apps["intake"], sample("partner-sterile-processing")
    client = intake.test_client()
    typed.core(client, body)
    page = get(client, "/draft/shape")
    for box in page.form.named("modality"):
        box.on = box.value == "online_live"
    press(client, page)
    check = typed.ready(client, body)
    assert "Not included" in check.text()
    assert "Where would people meet?" in check.text()
    assert "Our training room" in check.text(), "what will not be sent"
    assert typed.send(client, check).path == "/sent"
    (proposal,) = rows(intake, Proposal)
    assert "location_note" not in proposal.answers
    (draft,) = rows(intake, Draft)
    assert draft.typed["location_note"]["place"].startswith("Our training room")


def test_an_answer_beside_not_sure_is_shown_with_its_reason_and_the_way_to_send_it(
    apps: dict[str, Flask],
):
    client = apps["intake"].test_client()
    typed.core(client, sample(HALF))
    page = get(client, "/draft/idea")
    page.form.named("skills")[0].value = "Sharpen a saw on nights"
    page.form.named("skills.not_sure")[0].on = True
    press(client, page)
    check = get(client, "/draft/check")
    assert "because you chose “Not sure yet, help me.” To send it, clear that box." in check.text()
    assert "Sharpen a saw on nights" in check.text()
    assert "Because of your other answers" not in check.text()
    changed = press(client, check, ("go", "to:idea.skills"))
    assert changed.form.named("skills")[0].value == "Sharpen a saw on nights"
    spanish = press(client, check, ("lang", "es"))
    assert "Para enviarlo, desmarque esa casilla." in spanish.text()


def test_a_draft_can_be_continued_where_it_was_left(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = typed.begin(client, "partner")
    page.form.named("contact_name")[0].value = "Ana Ruiz"
    stopped = press(client, page, ("go", "later"))
    assert stopped.path == "/draft/saved"
    back = get(client, "/draft/")
    assert back.path == "/draft/you"
    assert back.form.named("contact_name")[0].value == "Ana Ruiz"
    assert "/draft/" in map(without_draft, get(client, "/").links)


def test_another_browser_sees_nothing_of_it(apps: dict[str, Flask]):
    typed.core(apps["intake"].test_client(), sample(HALF))
    (draft,) = rows(apps["intake"], Draft)
    stranger = apps["intake"].test_client()
    for path in ("/draft/you", "/draft/more", "/draft/check", "/draft/saved", "/sent", "/draft/"):
        assert get(stranger, path).status == 404, path
    began = typed.begin(stranger, "partner")
    name, id_of_other = references.display(draft.reference), str(draft.id)
    for address, more in ((f"/draft/{name}/you", {}), ("/draft/you", {"draft": id_of_other})):
        posted = dict(began.form.data()) | more | {"go": "next"}
        answer = stranger.post(address, data=posted, headers=HTML, follow_redirects=True)
        assert answer.status_code == 400, address
    assert rows(apps["intake"], Draft, Draft.id == draft.id)[0].typed == draft.typed


def test_pressing_send_again_leads_to_the_same_receipt(apps: dict[str, Flask]):
    intake, body = apps["intake"], sample(HALF)
    client = intake.test_client()
    typed.core(client, body)
    page = typed.ready(client, body)
    first, second = typed.send(client, page), typed.send(client, page)
    assert (first.path, second.path) == ("/sent", "/sent")
    assert first.text() == second.text()
    assert count(intake, Proposal) == 1
    assert count(intake, OutboxRow) == 2
    assert get(client, "/draft/you").path == "/sent"


def test_pressing_send_in_many_tabs_at_once_leaves_one_proposal(apps: dict[str, Flask]):
    intake, body = apps["intake"], sample(HALF)
    client = intake.test_client()
    typed.core(client, body)
    page = typed.ready(client, body)
    cookie = client.get_cookie("intake")
    assert cookie is not None
    paths = []

    def tab() -> None:
        own = intake.test_client()
        own.set_cookie("intake", cookie.value)
        paths.append(typed.send(own, page).path)

    tabs = [threading.Thread(target=tab) for _ in range(8)]
    for thread in tabs:
        thread.start()
    for thread in tabs:
        thread.join()
    assert paths == ["/sent"] * 8
    assert count(intake, Proposal) == 1
    assert count(intake, OutboxRow) == 2


def test_other_answers_under_a_sent_draft_are_a_conflict(apps: dict[str, Flask]):
    intake, body = apps["intake"], sample(HALF)
    client = intake.test_client()
    typed.core(client, body)
    older = get(client, "/draft/idea")
    page = typed.ready(client, body)
    typed.send(client, page)
    for choice in page.form.named("consent_share"):
        choice.on = choice.value != body["answers"]["consent_share"]
    again = typed.send(client, page)
    older.form.named("working_title")[0].value = "Something else"
    late = press(client, older)
    for refused in (again, late):
        assert refused.status == 409
        assert "/sent" in map(without_draft, refused.links)
        assert "/start" in refused.links
    (proposal,) = rows(intake, Proposal)
    assert proposal.title == body["answers"]["working_title"]


def test_a_new_form_in_the_same_browser_does_not_touch_what_was_sent(apps: dict[str, Flask]):
    intake, body = apps["intake"], sample(HALF)
    client = intake.test_client()
    typed.play(client, body)
    second = typed.play(client, sample("partner-sterile-processing"))
    assert second.path == "/sent"
    assert {proposal.title for proposal in rows(intake, Proposal)} == {
        body["answers"]["working_title"],
        "Sterile Processing Fundamentals",
    }


def test_nothing_is_sent_while_an_answer_is_missing(apps: dict[str, Flask]):
    intake, body = apps["intake"], sample(HALF)
    client = intake.test_client()
    press(client, typed.fill(client, typed.begin(client, "partner"), body["answers"]))
    refused = typed.send(client, typed.ready(client, body))
    assert refused.text("title").startswith("Error:")
    assert ("go", "to:idea.working_title") in refused.form.buttons
    assert count(intake, Proposal) == 0


def test_changing_an_answer_returns_to_the_check_page(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    typed.core(client, sample(HALF))
    check = get(client, "/draft/check")
    page = press(client, check, ("go", "to:idea.working_title"))
    assert page.response.request.full_path.endswith("/idea?back=check")
    page.form.named("working_title")[0].value = "A better title"
    back = press(client, page)
    assert back.path == "/draft/check"
    assert "A better title" in back.text()


def test_an_unchanged_draft_is_deleted_after_sixty_days(apps: dict[str, Flask]):
    intake = apps["intake"]
    typed.begin(intake.test_client(), "partner")
    client = intake.test_client()
    typed.begin(client, "other")
    older = now() - timedelta(days=61)
    with intake.app_context(), db.begin() as session:
        oldest = select(Draft.id).order_by(Draft.created_at).limit(1).scalar_subquery()
        session.execute(update(Draft).where(Draft.id == oldest).values(changed_at=older))
    with intake.app_context(), db.begin() as session:
        assert drafts.delete_expired(session, profile=EXAMPLE) == 1
    assert count(intake, Draft) == 1
    assert count(intake, Person) == 0
    assert get(client, "/draft/").status == 200


def test_a_form_that_was_sent_too_quickly_asks_to_look_again(database: str):
    hasty = make("intake", DATABASE_URL=database, SEND_AFTER="3600")
    seed(hasty)
    client = hasty.test_client()
    typed.core(client, sample(HALF))
    page = typed.send(client, typed.ready(client, sample(HALF)))
    assert "Please check and send again" in page.text()
    assert count(hasty, Proposal) == 0
    close(hasty)
