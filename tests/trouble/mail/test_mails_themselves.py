"""What a reader sees of a mail before, in and after it is opened, whatever its kind."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from services.intake import timers
from services.intake.models import Draft, Person, Proposal
from services.notify import retention
from shared import db
from shared.mails.kinds import KINDS
from shared.settings import SETTINGS
from shared.tables import now
from tests.apps import EXAMPLE, on_sqlite
from tests.factories import an_event, rows, sample, send_proposal
from tests.fakes import take
from tests.intake import form_filling as typed
from tests.intake.browsing import HTML, get, press
from tests.intake.mailed_links import link_in, mailed
from tests.notify.mailing import mail_of, requested
from tests.notify.sample_variables import variables
from tests.smtp_sink import sink
from tests.trouble.mail.delivering import only, review_reports

LANGUAGES = ("en", "es")
OUTCOMES = ("accepted", "on_hold", "declined", "neutral")
WORDS = "Could you send us the syllabus?\n\nMarcus"


def one_outcome(kind: str) -> dict[str, str]:
    values = variables(kind)
    return values | {name: "" for name in OUTCOMES[1:] if name in values}


@pytest.fixture
def app(make) -> Any:
    with sink() as server:
        return make(server)


def rendered(app: Flask, kind: str, language: str, **changes: str) -> EmailMessage:
    mail_id = requested(app, kind=kind, language=language, variables=one_outcome(kind) | changes)
    raw = mail_of(app, mail_id).rendered
    assert raw, mail_of(app, mail_id).last_reply
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


@on_sqlite
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_preview_a_sender_to_answer_and_a_button_for_outlook(
    app: Flask, kind: str, language: str
):
    mail = rendered(app, kind, language)
    page = part(mail, "html")
    preview = re.search(r'<div style="display:none[^"]*mso-hide:all">([^<&]{20,})', page)
    assert preview is not None, page[:3000]
    assert page.index("mso-hide:all") < page.index("<main>")
    assert not preview[1].endswith((",", ":")), "no greeting"
    assert "no-reply" not in str(mail["From"]) and mail["Reply-To"]
    assert len(str(mail["Subject"])) <= 60
    for button in re.findall(r"<td[^>]*>\s*<a [^>]*padding:13px", page):
        assert "mso-padding-alt:13px 22px" in button and "bgcolor=" in button
    assert "mso-padding-alt" in page


def test_the_default_sender_is_one_that_people_can_answer():
    assert SETTINGS["MAIL_FROM"].default == "ideas@lakeside.example"


@on_sqlite
@pytest.mark.parametrize("sender", ["no-reply@example.edu", "DoNotReply@example.edu"])
def test_a_sender_that_nobody_can_answer_fails_the_check(make, sender: str):
    with sink() as server:
        ran = make(server, MAIL_FROM=sender).test_cli_runner().invoke(args=["check"])
    assert "notify: sender: Mails say" in ran.output and ran.exit_code == 1


@on_sqlite
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_subject_of_a_decision_says_which_one_it_is(app: Flask, language: str):
    subjects = {}
    for outcome in OUTCOMES:
        values = {name: "yes" if name == outcome else "" for name in OUTCOMES}
        mail = rendered(app, "decision", language, **values)
        subjects[outcome] = str(mail["Subject"])
        assert "HK4T-W7RB" in subjects[outcome] and len(subjects[outcome]) <= 60
        good = "Good news" if language == "en" else "Buenas noticias"
        assert (good in part(mail, "plain")) == (outcome == "accepted")
    assert len(set(subjects.values())) == 4
    assert subjects["accepted"].startswith("Yes" if language == "en" else "Sí")


@on_sqlite
@pytest.mark.parametrize(
    ("label", "outcome"),
    [("accepted", "accepted"), ("on_hold", "on_hold"), ("not_now", "declined")],
)
def test_a_released_letter_asks_for_the_subject_of_its_outcome(
    apps: dict[str, Flask], label: str, outcome: str
):
    intake = apps["intake"]
    send_proposal(intake)
    review_reports(intake, only(intake, Proposal), public_label=label)
    (mail,) = mailed(intake, "decision")
    said = {name for name in OUTCOMES if mail["variables"].get(name)}
    assert said == {outcome}


@on_sqlite
@pytest.mark.parametrize("verified", [True, False])
def test_a_message_of_the_office_is_in_the_mail_to_a_verified_mailbox(
    apps: dict[str, Flask], verified: bool
):
    intake = apps["intake"]
    send_proposal(intake)
    if verified:
        with intake.app_context(), db.begin() as session:
            session.get_one(Person, only(intake, Person).id).verified_at = now()
    said = {"post_id": uuid4(), "side": "office", "author": "Marcus Bell", "text": WORDS}
    take(intake, an_event("post.added.v1", proposal_id=only(intake, Proposal).id, **said))
    (mail,) = mailed(intake, "post_from_office")
    expected = "> Could you send us the syllabus?\n>\n> Marcus" if verified else ""
    assert mail["variables"]["message"] == expected


@on_sqlite
@pytest.mark.parametrize("kind", ["post_from_office", "post_from_proposer"])
def test_the_words_of_a_message_are_shown_as_a_quote(app: Flask, kind: str):
    forged = "> Hi\n>\n> Open my page:\n> http://127.0.0.1:8000/status/HK4TW7RB"
    mail = rendered(app, kind, "en", message=forged)
    page = part(mail, "html")
    quote = page[page.index("<blockquote") : page.index("</blockquote>")]
    assert "Hi<br>" in quote and "<a " not in quote
    assert page.count("<a ") == 1
    assert forged in part(mail, "plain")


@on_sqlite
def test_the_copy_of_the_answers_has_headings_and_an_answer_under_each_question(
    app: Flask, apps: dict[str, Flask]
):
    intake = apps["intake"]
    answers = sample("partner-sterile-processing")["answers"] | {"copy_to_me": True}
    send_proposal(intake, **answers)
    (receipt,) = mailed(intake, "receipt")
    client = intake.test_client()
    press(client, get(client, link_in(receipt)), ("go", "open"))
    (copy,) = mailed(intake, "answers_copy")
    page = part(rendered(app, "answers_copy", "en", **copy["variables"]), "html")
    headings = re.findall(r"<h2 [^>]*>([^<]+)</h2>", page)
    assert len(headings) >= 3
    questions = re.findall(r"<li[^>]*><b>([^<]+)</b><br>([^<]+)", page)
    assert len(questions) >= 10
    assert any(answer.strip() == "Dolores Whitfield" for _, answer in questions), questions
    assert "-----" not in page


@on_sqlite
def test_a_reminder_is_ended_by_one_click_in_the_mail_program(app: Flask, apps: dict[str, Flask]):
    intake = apps["intake"]
    client = intake.test_client()
    typed.begin(client, "partner")
    page = get(client, "/draft/saved")
    page.form.named("email")[0].value = "ray@okafor-millwork.example"
    press(client, page, ("go", "mail"))
    with intake.app_context(), db.begin() as session:
        draft = session.get_one(Draft, only(intake, Draft).id)
        draft.changed_at, draft.remind_at = now() - timedelta(days=8), now()
    with intake.app_context():
        assert timers.reminder_turn() == 1
    (reminder,) = mailed(intake, "draft_reminder")
    mail = rendered(app, "draft_reminder", "en", **reminder["variables"])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(mail["List-Unsubscribe"]).strip("<>")
    path = address.partition("8000")[2]
    robot, body = intake.test_client(), {"List-Unsubscribe": "One-Click"}
    assert robot.get(path, headers=HTML).status_code == 200
    assert only(intake, Draft).reminds, "a GET changes nothing"
    spanish = get(robot, f"{path}?lang=es")
    assert spanish.attributes("html") == [{"lang": "es"}] and "recordatorios" in spanish.text("h1")
    for _ in range(2):
        assert robot.post(path, data=body, headers={"Origin": "null"}).status_code == 200
    assert not only(intake, Draft).reminds
    assert get(intake.test_client(), path.replace("/reminders/", "/go/")).status == 404
    assert robot.post(path[:-3] + "abc", data=body).status_code == 404


@on_sqlite
def test_a_person_who_follows_that_address_gets_a_button(apps: dict[str, Flask]):
    assert rows(apps["intake"], Draft) == []
    assert get(apps["intake"].test_client(), "/reminders/unknown").status == 404


@on_sqlite
def test_the_token_of_a_sent_reminder_is_masked_in_its_header(app: Flask):
    token = "Zx8-aB3kQ9_tLm5RvW2yHc7NdPfGj4Su"
    url = f"http://127.0.0.1:8000/reminders/{token}"
    values = one_outcome("draft_reminder") | {"unsubscribe_url": url}
    mail_id = requested(app, kind="draft_reminder", variables=values)
    assert token in mail_of(app, mail_id).rendered.decode()
    with app.app_context(), db.begin() as session:
        session.get_one(type(mail_of(app, mail_id)), mail_id).state = "sent"
    with app.app_context(), db.begin() as session:
        assert retention.mask(session) == 1
    assert token not in mail_of(app, mail_id).rendered.decode()


def test_no_text_of_the_profile_speaks_of_a_decision_alike():
    texts = EXAMPLE["mails"]["decision"]
    assert all("{{#if accepted}}" in texts[language]["subject"] for language in LANGUAGES)
