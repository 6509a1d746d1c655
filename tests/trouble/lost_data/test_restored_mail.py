"""After a restore no mail goes out twice; one whose fate nobody knows is unconfirmed."""

import json
from pathlib import Path

import pytest
from flask import Flask

from services.notify.models import Mail
from services.review.models import MailStatus
from shared.events import SERVICES
from tests.apps import on_sqlite
from tests.factories import rows
from tests.review.office import submitted
from tests.trouble.lost_data.copies import back_up, mails, put_back, send_all, settle

pytestmark = on_sqlite


@pytest.mark.parametrize("restored", [*([service] for service in SERVICES), [*SERVICES]], ids=str)
def test_no_mail_goes_out_twice_whichever_was_restored(
    apps: dict[str, Flask], restored: list[str], tmp_path: Path
):
    submitted(apps)  # its mails wait in the copy
    folder = back_up(apps, tmp_path / "copies")
    submitted(apps)
    sent = send_all(apps["notify"])
    settle(apps)

    put_back(apps, folder, restored)
    settle(apps)
    again = send_all(apps["notify"])

    assert len(sent) == 4
    assert again == []
    if restored != list(SERVICES):
        assert set(sent) <= set(mails(apps["notify"]))
        assert {mail.state for mail in rows(apps["review"], MailStatus)} == {"sent"}


def test_a_mail_that_waited_in_the_only_copy_of_all_is_unconfirmed(
    apps: dict[str, Flask], tmp_path: Path
):
    submitted(apps)
    folder = back_up(apps, tmp_path / "copies")

    put_back(apps, folder, SERVICES)
    settle(apps)

    assert {mail.kind: mail.state for mail in rows(apps["notify"], Mail)} == {
        "receipt": "in_doubt",
        "staff_alert": "in_doubt",
    }
    assert {mail.state for mail in rows(apps["review"], MailStatus)} == {"in_doubt"}
    listed = apps["notify"].test_cli_runner().invoke(args=["mail", "doubtful"]).stdout.splitlines()
    waits_for = [json.loads(line)["waits_for"] for line in listed]
    assert len(waits_for) == 2
    for mail, words in zip(map(json.loads, listed), waits_for, strict=True):
        assert words.startswith("held back by a restore; decide with: flask --app services.notify")
        assert f"mail settle {mail['mail_id']} " in words


def test_a_mail_requested_after_the_restore_is_sent(apps: dict[str, Flask], tmp_path: Path):
    folder = back_up(apps, tmp_path / "copies")
    submitted(apps)
    put_back(apps, folder, SERVICES)
    settle(apps)
    submitted(apps)

    assert len(send_all(apps["notify"])) == 2
