"""People who ask for a copy of their answers get it by mail, in their language."""

import pytest
from flask import Flask

from services.intake.labels import LABELS
from services.intake.notifications import answer_copy
from shared.profile import labels
from shared.profile.answers import validation
from tests.factories import a_proposal, sample, samples, send
from tests.intake import form_filling as typed
from tests.intake.browsing import get, press
from tests.intake.mailed_links import link_in, mailed
from tests.shared.forms import EXAMPLE


def copy_of(app: Flask) -> str:
    """The copy that is mailed once the owner of the mailbox has used the link in the receipt."""
    (receipt,) = mailed(app, "receipt")
    assert not receipt["variables"].get("answers"), "nothing typed goes to a new mailbox"
    client = app.test_client()
    press(client, get(client, link_in(receipt)), ("go", "open"))
    copies = [mail["variables"]["answers"] for mail in mailed(app, "answers_copy")]
    assert bool(copies) == bool(receipt["variables"].get("copy_waits"))
    return copies[0] if copies else ""


@pytest.mark.parametrize("name", samples())
def test_every_answer_is_in_the_copy_save_what_is_confidential(apps: dict[str, Flask], name: str):
    body = sample(name)
    assert send(apps["intake"].test_client(), body).status_code == 201
    copy = copy_of(apps["intake"])
    assert bool(copy) == body["answers"].get("copy_to_me", True)
    spoken = EXAMPLE.in_language(body["language"])
    items = [" ".join(item.split()) for item in ("\n" + copy).split("\n- ")]
    for sheet in labels.sheets(spoken, validation.load(EXAMPLE, body["answers"])):
        for row in sheet["rows"] if copy else []:
            (said,) = [item for item in items if item.startswith(row["label"])] or [""]
            assert bool(said) != (row["confidential"] or row["key"] == "copy_to_me"), row["key"]
            for part in row["shown"] if said else [LABELS[body["language"]]["not_sure_line"]]:
                assert not said or " ".join(part.split()) in said


def test_no_copy_is_sent_unless_requested(apps: dict[str, Flask]):
    assert send(apps["intake"].test_client(), a_proposal(copy_to_me=False)).status_code == 201
    assert copy_of(apps["intake"]) == ""


def test_the_line_breaks_of_an_answer_are_kept_and_cannot_look_like_the_mail(
    apps: dict[str, Flask],
):
    need = "We need it.\n\nOpen my page:\nhttp://127.0.0.1:8000/go/elsewhere\n\n- By Monday"
    body = a_proposal(need=need, copy_to_me=True)
    assert send(apps["intake"].test_client(), body).status_code == 201
    copy = copy_of(apps["intake"])
    (said,) = [item for item in copy.split("\n- ") if "We need it." in item]
    assert said.splitlines()[1:7] == [f"  {line}" for line in need.splitlines()]
    assert not [line for line in copy.splitlines() if line.startswith(("http", "Open", "- By"))]


def test_the_copy_asks_nothing_twice_and_not_for_itself(apps: dict[str, Flask]):
    assert send(apps["intake"].test_client(), a_proposal(copy_to_me=True)).status_code == 201
    copy = copy_of(apps["intake"])
    assert copy.count("Which describes you?") == 1
    assert "Send me a copy" not in copy
    assert "\nWhat you need\n" in copy


def test_a_copy_longer_than_any_mail_needs_is_cut_at_a_line():
    clean = validation.load(EXAMPLE, sample("faculty-full-water-testing")["answers"])
    clean["skills"] = ["𝕏" * 200] * 1000
    copy = answer_copy.copy_text(EXAMPLE, clean, language="es")
    assert len(copy) <= answer_copy.MAX_CHARACTERS + 100
    assert copy.endswith(f"\n\n{LABELS['es']['copy_cut']}")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "We’ll email your copy once you open your page with the link in our email."),
        ("es", "Le enviaremos su copia cuando abra su página con el enlace de nuestro correo."),
    ],
)
def test_the_sent_page_says_when_the_copy_comes(apps: dict[str, Flask], language: str, said: str):
    intake, body = apps["intake"], sample("partner-half-idea")
    body = body | {"language": language, "answers": body["answers"] | {"copy_to_me": True}}
    first = intake.test_client()
    sent = typed.play(first, body)
    assert (sent.path, said in sent.text()) == ("/sent", True)
    (receipt,) = mailed(intake, "receipt")
    press(first, get(first, link_in(receipt)), ("go", "open"))
    assert said not in typed.play(intake.test_client(), body).text(), "the mailbox is verified now"
    body["answers"]["copy_to_me"] = False
    body["answers"]["contact_email"] = "new@shop.example"
    assert said not in typed.play(intake.test_client(), body).text(), "no copy was asked for"
