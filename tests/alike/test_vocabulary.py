"""Events, mails and settings: whoever must speak does, whoever must listen does, no more."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from shared import profile
from shared.events import EVENTS, SERVICES
from shared.mails.kinds import KINDS
from shared.settings import SETTINGS
from tests.alike.sources import ROOT, modules, published_events, reached, settings_asked_for

PROFILES = sorted(file.parent for file in (ROOT / "profiles").glob("*/form.toml"))
SETTINGS_FILE = ROOT / "shared/settings/__init__.py"
NOT_OURS = {"SERVICE", "MAX_CONTENT_LENGTH"}  # made from the others when an app is made


def handlers_of(service: str) -> set[str]:
    return set(import_module(f"services.{service}.handlers").HANDLERS)


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_publishes_all_its_events(service: str):
    must_say = {name for name, event in EVENTS.items() if service in event.publishers}
    assert must_say <= published_events(reached(service))


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_publishes_events_of_another(service: str):
    may_say = {name for name, event in EVENTS.items() if service in event.publishers}
    assert published_events(set(modules(f"services/{service}"))) <= may_say


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_handles_exactly_the_events_it_consumes(service: str):
    assert handlers_of(service) == {
        name for name, event in EVENTS.items() if service in event.consumers
    }


def test_every_event_has_a_publisher_and_a_consumer_that_is_another_service():
    for name, event in EVENTS.items():
        assert set(event.publishers) | set(event.consumers) <= set(SERVICES), name
        assert all(set(event.consumers) - {publisher} for publisher in event.publishers), name
        assert event.thing in event.schema().fields, name


@pytest.mark.parametrize("folder", PROFILES, ids=lambda folder: folder.name)
def test_every_kind_of_mail_has_a_text_in_every_language_that_names_what_its_schema_knows(
    folder: Path,
):
    body = profile.read(folder)
    for kind, known in KINDS.items():
        for language in body["languages"]:
            texts = body["mails"][kind][language]
            named = re.findall(r"\{\{(?:#if )?(\w+)\}\}", texts["subject"] + texts["text"])
            assert named, f"{kind} in {language} names nothing"
            assert set(named) <= set(known.variables().fields), f"{kind} in {language}"


def test_every_kind_of_mail_is_either_requested_or_listed_as_planned():
    files = modules("services/intake", "services/review")
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    asked_for = {kind for kind in KINDS if f'kind="{kind}"' in source}
    awaiting = {kind for kind, entry in KINDS.items() if entry.awaits}
    assert not asked_for & awaiting, "it is asked for: remove `awaits` from its entry"
    assert asked_for | awaiting == set(KINDS)


def test_every_setting_is_read_somewhere_and_no_other_is():
    files = [file for file in modules("shared", "services") if file != SETTINGS_FILE]
    asked_for = {name for file in files for name in settings_asked_for(file)} - NOT_OURS
    read_by_flask = {"TRUSTED_HOSTS", "MAX_BODY"}
    assert asked_for | read_by_flask == set(SETTINGS)


def test_the_example_of_the_environment_holds_every_setting_once():
    lines = (ROOT / "infra" / "example.env").read_text(encoding="utf-8").splitlines()
    results = [line for line in lines if re.match(r"#?OVERTURE_", line)]
    assert results == [f"#OVERTURE_{name}={setting.default}" for name, setting in SETTINGS.items()]
