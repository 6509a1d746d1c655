"""The commands of every service, as an operator types them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, inspect
from sqlalchemy.orm import Session

from services.review.models import MailStatus
from shared import db
from shared.events import SERVICES
from shared.profile import Profile, versions
from shared.tables import DeferredEvent, OutboxRow, ProfileVersion
from tests.apps import EXAMPLE_VERSION, close, make, on_sqlite
from tests.factories import an_event, count, id_of, rows
from tests.fakes import carry, retry, take

PROFILE = Path(__file__).parents[2] / "profiles" / "example"


def run(app: Flask, *words: Any) -> Result:
    return app.test_cli_runner().invoke(args=[str(word) for word in words])


def parked(app: Flask, *words: str) -> list[dict[str, Any]]:
    listed = run(app, "events", "parked", *words)
    assert listed.exit_code == 0
    return [json.loads(line) for line in listed.output.splitlines()]


@pytest.mark.parametrize("service", SERVICES)
def test_db_upgrade_makes_the_tables_and_may_be_repeated(service: str, tmp_path: Path):
    app = make(service, DATABASE_URL=f"sqlite:///{tmp_path}/{{service}}.db")
    for _ in range(2):
        ran = run(app, "db", "upgrade")
        assert (ran.exit_code, ran.output) == (0, f"{service}: database is up to date\n")
    with app.app_context(), db.read() as session:
        assert inspect(session.connection()).has_table("outbox")
    close(app)


@on_sqlite
def test_profile_check_says_sound_or_names_file_key_and_reason(
    apps: dict[str, Flask], tmp_path: Path
):
    sound = run(apps["intake"], "profile", "check")
    assert (sound.exit_code, sound.output) == (0, f"profile is valid, version {EXAMPLE_VERSION}\n")

    shutil.copytree(PROFILE, tmp_path / "broken")
    file = tmp_path / "broken" / "institution.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('time_zone = "', 'time_zone = "Mars/'), encoding="utf-8")
    broken = run(apps["intake"], "profile", "check", tmp_path / "broken")
    assert broken.exit_code == 1
    assert "institution.toml" in broken.output
    assert "time_zone" in broken.output


def another_profile(folder: Path, *, name: str) -> Path:
    """The example under another name, so as another version."""
    shutil.copytree(PROFILE, folder / name)
    file = folder / name / "institution.toml"
    text = file.read_text(encoding="utf-8").replace("Lakeside State University", name)
    file.write_text(text, encoding="utf-8")
    return folder / name


def test_profile_import_fills_an_empty_table_and_leaves_a_filled_one(
    apps: dict[str, Flask], tmp_path: Path
):
    app = apps["intake"]
    assert "already in force" in run(app, "profile", "import").output
    kept = run(app, "profile", "import", another_profile(tmp_path, name="Hillside"))
    assert (kept.exit_code, count(app, ProfileVersion)) == (0, 1)
    assert "import the next one in review" in kept.output

    with app.app_context(), db.begin() as session:
        session.execute(delete(ProfileVersion))
    filled = run(app, "profile", "import")
    assert filled.output == f"intake: profile {EXAMPLE_VERSION[:12]} is in force\n"
    assert count(app, ProfileVersion) == 1
    assert count(app, OutboxRow) == 0


def test_what_review_imports_is_in_force_everywhere_and_can_be_taken_back(
    apps: dict[str, Flask], tmp_path: Path
):
    def names() -> set[str]:
        return {in_force(app).institution["name"] for app in apps.values()}

    hillside = another_profile(tmp_path, name="Hillside")
    for _ in range(2):  # the second time there is nothing new to tell
        assert run(apps["review"], "profile", "import", hillside).exit_code == 0
    assert carry(apps) == ["profile.published.v1"]
    assert names() == {"Hillside"}
    assert [count(app, ProfileVersion) for app in apps.values()] == [2, 2, 2]

    assert run(apps["review"], "profile", "import").exit_code == 0
    assert carry(apps) == ["profile.published.v1"]
    assert names() == {"Lakeside State University"}
    assert [count(app, ProfileVersion) for app in apps.values()] == [2, 2, 2]


def in_force(app: Flask) -> Profile:
    with app.app_context(), db.read() as session:
        return versions.in_force(session)


@on_sqlite
def test_a_profile_that_is_not_there_is_refused_in_one_sentence(apps: dict[str, Flask]):
    ran = run(apps["review"], "profile", "import", "no-such-profile")
    assert ran.exit_code == 1
    assert "no-such-profile" in ran.output
    assert "Traceback" not in ran.output
    assert count(apps["review"], OutboxRow) == 0


@on_sqlite
def test_topology_check_names_what_apply_then_makes(apps: dict[str, Flask], tmp_path: Path):
    app = apps["intake"]
    app.config["BROKER_URL"] = f"sqlite:///{tmp_path}/broker.db"
    missing = run(app, "topology", "check")
    assert missing.exit_code == 1
    assert "intake.from-review.v1" in missing.output
    assert "topology apply" in missing.output
    for _ in range(2):
        assert run(app, "topology", "apply").exit_code == 0
    assert run(app, "topology", "check").exit_code == 0


def test_events_parked_shows_why_and_how_often_and_nothing_of_what_they_say(
    apps: dict[str, Flask],
):
    app, canary = apps["review"], "canary@secret.example"
    bad = an_event("mail.changed.v1", state="eaten", reason=canary)
    take(app, bad)
    take(app, bad)
    take(app, an_event("post.added.v1", text=canary))

    (line,) = parked(app)
    assert line["event_id"] == str(id_of(bad))
    assert line["state"] == "parked"
    assert line["reason"].startswith("bad_data: ")
    assert line["bytes"] == len(bad)
    assert line["first_seen_at"] <= line["last_seen_at"]
    everything = parked(app, "--all")
    assert sorted(line["state"] for line in everything) == ["deferred", "parked"]
    assert canary not in str(everything)


def test_events_replay_tries_what_is_chosen_again(apps: dict[str, Flask]):
    app, event = apps["review"], an_event("mail.changed.v1")
    refuse = {"mail.changed.v1": refusing}
    take(app, event, handlers=refuse)
    assert retry(app) == 0

    ran = run(app, "events", "replay", id_of(event))
    assert (ran.exit_code, ran.output) == (0, "1 of 1 will be retried\n")
    assert retry(app) == 1
    assert count(app, DeferredEvent) == 0
    assert count(app, MailStatus) == 1


def test_events_replay_all_takes_everything_that_is_parked(apps: dict[str, Flask]):
    app = apps["review"]
    for _ in range(3):
        take(app, an_event("mail.changed.v1"), handlers={"mail.changed.v1": refusing})
    assert run(app, "events", "replay", "--all").output == "3 of 3 will be retried\n"
    assert retry(app) == 3
    assert count(app, DeferredEvent) == 0


def test_a_discarded_event_stays_as_a_record_and_is_never_tried_again(apps: dict[str, Flask]):
    app, event = apps["review"], an_event("mail.changed.v1")
    take(app, event, handlers={"mail.changed.v1": refusing})
    ran = run(app, "events", "discard", id_of(event), "--reason", "sent by a broken test system")
    assert (ran.exit_code, ran.output) == (0, "1 of 1 discarded\n")

    assert run(app, "events", "replay", id_of(event)).output == "0 of 1 will be retried\n"
    assert run(app, "events", "replay", "--all").output == "0 of 0 will be retried\n"
    take(app, event, redelivered=True)
    assert retry(app) == 0
    (row,) = rows(app, DeferredEvent)
    assert (row.state, row.reason) == ("discarded", "discarded: sent by a broken test system")
    assert count(app, MailStatus) == 0


@on_sqlite
@pytest.mark.parametrize("words", [("replay", "no-id"), ("discard", "no-id", "--reason", "x")])
def test_an_event_id_that_is_none_is_refused_with_a_hint(
    apps: dict[str, Flask], words: tuple[str, ...]
):
    ran = run(apps["review"], "events", *words)
    assert ran.exit_code == 2
    assert "flask --app services.review events parked" in ran.output


def refusing(session: Session, data: dict[str, Any]) -> None:
    raise PermissionError("not now")
