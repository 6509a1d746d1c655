"""Notes: what colleagues write for each other beside a case, and who hears that one names her."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from services.review.conversation.notes import UnclearMention, mentioned
from services.review.models import DigestItem, Note, Staff
from tests.apps import on_sqlite
from tests.factories import an_event, contents, rows
from tests.fakes import take
from tests.review.mails import recipients, requested_mails, with_preferences
from tests.review.office import case_of, do, hire, published, received, signed_in, visit

NAMES = ("Lena Ortiz", "Sam Patel", "Sam Hill", "Tomás Rey", "Jo")
OFFICE = LENA, SAM_P, SAM_H, TOMAS, JO = [Staff(id=uuid4(), name=name) for name in NAMES]


def test_a_note_stays_in_the_office_and_notifies_the_mentioned_colleague(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    lena = hire(review, "lead", name="Lena Ortiz")
    hire(review, "triage", name="Sam Patel")
    clerk = signed_in(review, "triage", name="Tara Lindqvist")
    said_before = published(review)

    kept = do(clerk, case, "note", note="@Lena, is the lab free?\nI ask <b>Sam</b> on Monday.")
    assert kept.response.headers["Location"] == f"/cases/{case}?done=note"

    (note,) = rows(review, Note)
    assert note.text == "@Lena, is the lab free?\nI ask <b>Sam</b> on Monday."
    page = visit(clerk, f"/cases/{case}", done="note").text()
    assert "@Lena, is the lab free?" in page and "<b>Sam</b> on Monday" in page
    assert "Notified: Lena Ortiz" in page and "Tara Lindqvist: Added an internal note" not in page
    assert published(review) == said_before, "the proposer hears nothing"
    (mail,) = requested_mails(review, "mentioned")
    assert (mail["to_address"], mail["variables"]["by"]) == (lena, "Tara Lindqvist")
    assert mail["variables"]["case_url"].endswith(f"/cases/{case}#notes")
    assert "lab" not in str(mail), "what it says stays on the page"


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("@Lena Ortiz and @tomás rey: have a look", [LENA, TOMAS]),
        ("(@Sam Patel) twice: @Sam Patel, @LENA.", [SAM_P, LENA]),
        ("write to lena@office.example, or call", []),
        ("at 5 @ the lab", []),
        ("“@Tomás” said so, @Jo too", [TOMAS, JO]),
        ("@Sam Hill’s idea, and @Lena’s", [SAM_H, LENA]),
        ("@Ortiz, and @hill’s: have a look", [LENA, SAM_H]),
        ("nobody", []),
    ],
)
def test_a_name_after_an_at_names_a_colleague(text: str, whom: list[Staff]):
    assert mentioned(text, OFFICE) == whom


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@Sam, look", "“@Sam” could be Sam Patel or Sam Hill. Write the full name."),
        ("@Lenna look", "No colleague here is named “Lenna”. You can mention: Lena Ortiz, "),
        ("@Joanna look", "No colleague here is named “Joanna”."),
    ],
)
def test_an_unknown_or_ambiguous_mention_is_refused(text: str, said: str):
    with pytest.raises(UnclearMention, match=said.replace(".", r"\.")):
        mentioned(text, OFFICE)


def test_every_unclear_mention_of_a_note_is_named_at_once():
    ruth = Staff(id=uuid4(), name="Ruth Hill")
    elsewhere = Staff(id=uuid4(), name="Olga Reed")
    text = "@Lenna, @Lena, @Hill, @Joanna, @Sam, @Reed and @Lenna: look"
    with pytest.raises(UnclearMention) as refused:
        mentioned(text, [*OFFICE, ruth], outside=[elsewhere])
    assert str(refused.value) == (
        "“@Hill” could be Sam Hill or Ruth Hill. “@Sam” could be Sam Patel or Sam Hill. Write the"
        " full name. No colleague here is named “Lenna” or “Joanna”. Olga Reed can’t see this case."
        " You can mention: Lena Ortiz, Sam Patel, Sam Hill, Tomás Rey, Jo, Ruth Hill."
    )


def test_a_colleague_with_a_title_is_named_without_it():
    amina = Staff(id=uuid4(), name="Dr. Amina Yusuf")
    for text in ("@Amina", "@Yusuf", "@Amina Yusuf", "@Dr. Amina Yusuf, look"):
        assert mentioned(text, [*OFFICE, amina]) == [amina], text


def test_the_author_of_a_note_is_not_offered_their_own_name():
    with pytest.raises(UnclearMention) as refused:
        mentioned("@Lenna look", OFFICE, by=SAM_P)
    assert str(refused.value).endswith("You can mention: Lena Ortiz, Sam Hill, Tomás Rey, Jo.")
    with pytest.raises(UnclearMention, match="There is nobody else yet"):
        mentioned("@Lenna look", [SAM_P], by=SAM_P)


@on_sqlite
def test_a_note_with_an_unclear_name_comes_back_with_all_that_was_typed(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    clerk = signed_in(review, "triage")
    hire(review, "triage", name="Other Office", office="regional")
    proposer = hire(review, "lead", name="Ray Okafor")
    with_proposer(review, case, proposer)
    visit(clerk, f"/cases/{case}")
    other = do(clerk, case, "note", note="@Other, look")
    assert "Other Office can’t see this case." in other.text("li")
    assert "Ray Okafor can’t see" not in do(clerk, case, "note", note="@Ray, look").text()
    before = contents(review)
    for text in ("@Nobody, look", "@Other, look", "@Ray, look", " ", "x" * 4001):
        answer = do(clerk, case, "note", note=text)
        assert answer.status == 422, text
        assert text.strip() in answer.response.text
    assert contents(review) == before


@on_sqlite
def test_an_auditor_reads_notes_and_writes_none(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    do(signed_in(review, "triage"), case, "note", note="Call her first.")
    page = visit(signed_in(review, "auditor"), f"/cases/{case}")
    assert "Call her first." in page.text()
    assert not [form for form in page.forms if (form.action or "").endswith("/note")]


@on_sqlite
def test_a_mention_can_wait_for_the_morning_and_authors_get_no_mail_about_their_own_notes(
    apps: dict[str, Flask],
):
    review = apps["review"]
    (case,) = received(review)
    lena = with_preferences(review, "lead", name="Lena Ortiz", mentioned="morning")
    do(lena, case, "note", note="@Lena Ortiz must not forget this.")
    assert recipients(review, "mentioned") == [] and rows(review, DigestItem) == []
    do(signed_in(review, "triage"), case, "note", note="@Lena: see above.")
    assert recipients(review, "mentioned") == []
    assert [row.kind for row in rows(review, DigestItem)] == ["mentioned"]


@on_sqlite
def test_erasing_a_proposer_deletes_the_notes_on_the_case(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    do(signed_in(review, "triage"), case, "note", note="Ray prefers calls.")
    case_row: Any = case_of(review, case)
    erased = {
        "person_id": case_row.people[0]["person_id"],
        "proposal_ids": [str(case_row.proposal_id)],
    }
    take(review, an_event("person.erased.v1", **erased))
    assert rows(review, Note) == []
    assert b"prefers calls" not in str(contents(review)).encode()


def with_proposer(app: Flask, case: str, email: str) -> None:
    """Let this colleague stand on the proposal."""
    case_row = case_of(app, case)
    people = [{**case_row.people[0], "address": email}, *case_row.people[1:]]
    data = {"proposal_id": case_row.proposal_id, "reference": case_row.reference, "people": people}
    take(app, an_event("proposal.changed.v1", **data, version=2))
