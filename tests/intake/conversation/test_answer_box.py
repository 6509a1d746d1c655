"""The proposer writes to the office on the status page, and loses no word of it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.intake.models import Post, Proposal, UnsentMessage
from services.notify.models import Mail
from services.review.models import Post as PostOfCase
from shared import references
from tests.apps import on_sqlite
from tests.factories import count, rows
from tests.fakes import carry
from tests.intake.browsing import HTML, Page, page_of
from tests.intake.status_pages import sent, status
from tests.review.office import do, signed_in, visit

WORDS = "Mornings are best.\r\n\r\nWe could also do “Friday”."
KEPT = "Mornings are best.\n\nWe could also do “Friday”."


def posted(client: FlaskClient, *, follow: bool = False, **data: str) -> Page:
    """Post the answer box of the page with these fields."""
    form = status(client).form
    whole = {**dict(form.data()), **data}
    sent_to = form.action
    return page_of(client.post(sent_to, data=whole, headers=HTML, follow_redirects=follow))


def answer(client: FlaskClient, text: str) -> Page:
    """Type this and press the button."""
    return posted(client, follow=True, text=text, go="send")


def box(page: Page) -> str:
    return page.text("textarea")


def test_an_answer_is_in_the_case_and_its_office_is_told(apps: dict[str, Flask]):
    client = sent(apps["intake"])
    carry(apps)
    page = answer(client, WORDS)
    assert page.status == 200
    assert "Your message was sent to Renata Kowalczyk." in page.text()
    assert KEPT in [post.text for post in rows(apps["intake"], Post)]
    assert box(page) == ""
    carry(apps, times=2)
    assert [post.text for post in rows(apps["review"], PostOfCase)] == [KEPT]
    assert "post_from_proposer" in {mail.kind for mail in rows(apps["notify"], Mail)}
    (proposal,) = rows(apps["intake"], Proposal)
    page = visit(signed_in(apps["review"], "triage"), f"/cases/{proposal.reference}")
    assert "Message from the proposer" in page.text() and "Mornings are best." in page.text()


@on_sqlite
@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (" \n ", "Enter a message."),
        ("x" * 4001, "Shorten this to 4"),
        ("a bell\x07", "This text has a character that we can’t use."),
    ],
)
def test_an_answer_that_cannot_be_sent_comes_back_with_the_reason(
    apps: dict[str, Flask], text: str, wrong: str
):
    client = sent(apps["intake"])
    page = answer(client, text)
    assert page.status == 200
    assert wrong in page.text("li")
    assert box(page).strip("\n") == text.strip()
    assert page.text("title").startswith("Error: ")
    assert count(apps["intake"], Post) == 0
    assert wrong not in status(client).text(), "the error belongs to the answer that was posted"


@on_sqlite
def test_what_is_typed_is_kept_and_no_one_else_sees_it(apps: dict[str, Flask]):
    client = sent(apps["intake"])
    carry(apps)
    assert posted(client, text=WORDS, go="keep").response.json == {}
    assert "Mornings are best." in box(status(client))
    assert count(apps["intake"], Post) == 0
    carry(apps)
    assert count(apps["review"], PostOfCase) == 0
    posted(client, text="", go="keep")
    assert count(apps["intake"], UnsentMessage) == 0


@on_sqlite
def test_a_page_that_timed_out_shows_what_was_typed(apps: dict[str, Flask]):
    client = sent(apps["intake"])
    page = posted(client, text=WORDS, go="send", csrf_token="old")
    assert page.status == 403
    assert "Your message was not sent" in page.text("h1")
    assert "Mornings are best." in page.text()
    assert count(apps["intake"], Post) == 0


@on_sqlite
def test_another_browser_writes_nothing_and_reads_nothing(apps: dict[str, Flask]):
    client = sent(apps["intake"])
    answer(client, "Words for the office alone")
    stranger = apps["intake"].test_client()
    form = dict(page_of(stranger.get("/link", headers=HTML)).form.data())
    address = status(client).form.action
    page = page_of(stranger.post(address, data={**form, "text": WORDS, "go": "send"}, headers=HTML))
    assert page.status == 403
    assert "Words for the office alone" not in page.text()
    assert count(apps["intake"], Post) == 1


@on_sqlite
def test_a_second_click_sends_it_once(apps: dict[str, Flask]):
    client = sent(apps["intake"])
    form = status(client).form
    data = {**dict(form.data()), "text": WORDS, "go": "send"}
    for _ in range(2):
        assert client.post(form.action, data=data, headers=HTML).status_code == 303
    assert count(apps["intake"], Post) == 1


@on_sqlite
def test_too_many_messages_are_refused_until_later(apps: dict[str, Flask]):
    apps["intake"].config["MESSAGES_PER_HOUR"] = "2"
    client = sent(apps["intake"])
    for number in range(2):
        answer(client, f"Message {number}")
    page = answer(client, "One too many")
    assert page.status == 429
    assert "Please send the next one later." in page.text()
    assert count(apps["intake"], Post) == 2


@on_sqlite
def test_the_answer_box_speaks_spanish(apps: dict[str, Flask]):
    client = sent(apps["intake"])
    client.get("/status?lang=es")
    page = answer(client, " ")
    assert "Escriba un mensaje." in page.text("li")
    assert "Enviar mensaje" in page.text("button")


@on_sqlite
def test_a_word_of_the_office_is_the_first_thing_on_the_page_until_it_is_answered(
    apps: dict[str, Flask],
):
    client = sent(apps["intake"])
    carry(apps)
    (proposal,) = rows(apps["intake"], Proposal)
    office = signed_in(apps["review"], "triage", name="Marcus Bell")
    do(office, references.display(proposal.reference), "write", text="Signed yet?")
    carry(apps)
    assert status(client).text("b").startswith("Marcus Bell wrote to you on ")
    answer(client, "Yes, signed.")
    assert status(client).text("b").startswith("Nothing needed from you.")
