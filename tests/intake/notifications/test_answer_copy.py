"""People who ask for a copy of their answers get it in the receipt, in their language."""

from typing import Any

import pytest
from flask import Flask

from services.intake.labels import LABELS
from services.intake.notifications import answer_copy
from shared import strict_json
from shared.profile import labels
from shared.profile.answers import validation
from shared.tables import OutboxRow
from tests.factories import a_proposal, rows, sample, samples, send
from tests.shared.forms import EXAMPLE


def receipt(app: Flask) -> dict[str, Any]:
    """The text that notify is asked to send."""
    (row,) = rows(app, OutboxRow, OutboxRow.event_type == "mail.requested.v1")
    asked: dict[str, Any] = strict_json.loads(row.envelope)["data"]
    assert asked["kind"] == "receipt"
    return asked


@pytest.mark.parametrize("name", samples())
def test_every_answer_is_in_the_copy_save_what_is_confidential(apps: dict[str, Flask], name: str):
    body = sample(name)
    assert send(apps["intake"].test_client(), body).status_code == 201
    copy = receipt(apps["intake"])["variables"]["answers"]
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
    assert receipt(apps["intake"])["variables"]["answers"] == ""


def test_the_line_breaks_of_an_answer_are_kept_and_cannot_look_like_the_mail(
    apps: dict[str, Flask],
):
    need = "We need it.\n\nOpen my page:\nhttp://127.0.0.1:8000/go/elsewhere\n\n- By Monday"
    body = a_proposal(need=need, copy_to_me=True)
    assert send(apps["intake"].test_client(), body).status_code == 201
    copy = receipt(apps["intake"])["variables"]["answers"]
    (said,) = [item for item in copy.split("\n- ") if "We need it." in item]
    assert said.splitlines()[1:6] == [f"  {line}" for line in need.splitlines()[1:]]
    assert not [line for line in copy.splitlines() if line.startswith(("http", "Open", "- By"))]


def test_the_copy_asks_nothing_twice_and_not_for_itself(apps: dict[str, Flask]):
    assert send(apps["intake"].test_client(), a_proposal(copy_to_me=True)).status_code == 201
    copy = receipt(apps["intake"])["variables"]["answers"]
    assert copy.count("Which describes you?") == 1
    assert "Send me a copy" not in copy
    assert "\nWhat you need\n" in copy


def test_a_copy_longer_than_any_mail_needs_is_cut_at_a_line():
    clean = validation.load(EXAMPLE, sample("faculty-full-water-testing")["answers"])
    clean["skills"] = ["𝕏" * 200] * 1000
    copy = answer_copy.copy_text(EXAMPLE, clean, language="es")
    assert len(copy) <= answer_copy.MAX_CHARACTERS + 100
    assert copy.endswith(f"\n\n{LABELS['es']['copy_cut']}")
