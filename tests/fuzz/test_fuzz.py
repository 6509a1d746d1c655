"""A minute of `make fuzz`: no request to any route, form or API ends in a fault."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.apps import on_sqlite
from tests.fuzz.rounds import Tally, run_pages, run_wire
from tests.fuzz.strategies import SURFACES
from tests.fuzz.world import Ask, World
from tests.hostile.wire import Server, serving

pytestmark = pytest.mark.slow

SEED = int(time.time()) % 100_000  # printed with a fault
PAGES, WIRE = 25.0, 10.0  # seconds, the first on each database


@pytest.fixture(scope="module")
def server(migrated_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    more = {"OVERTURE_SENDS_PER_HOUR": "10000000", "OVERTURE_MAILS_PER_HOUR": "10000000"}
    with serving(migrated_files, tmp_path_factory.mktemp("fuzz"), **more) as started:
        yield started


def test_no_request_to_a_page_or_api_ends_in_a_fault(apps: dict[str, Flask]):
    tally = Tally()
    run_pages(World(apps), tally, seed_of_round=SEED, until=time.monotonic() + PAGES)
    assert tally.faults == []
    assert set(tally.answers) == set(SURFACES)


def test_no_bytes_on_the_wire_end_in_a_fault(server: Server):
    tally = Tally()
    run_wire(server, tally, seed_of_round=SEED, until=time.monotonic() + WIRE)
    assert tally.faults == []
    assert sum(tally.answers["bytes"].values()) > 10


@on_sqlite
def test_the_fuzzer_knows_every_route_and_the_forms_of_every_role(apps: dict[str, Flask]):
    world = World(apps)
    rules = {rule.rule for app in apps.values() for rule in app.url_map.iter_rules()}
    assert len(rules - {place.rule for place in world.places}) <= 5  # those that end a session
    actions = {known.action for known in world.forms}
    assert {"/start", "/link", "/sign-in", "/people/invite"} <= actions
    for end in ("/you", "/send", "/note"):
        assert any(action.endswith(end) for action in actions), end


@on_sqlite
def test_a_fault_is_found_and_told_with_its_request(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.add_url_rule("/broken/<number>", view_func=lambda number: str(int(number)))
    tally = Tally()
    world = World(apps)
    world.places = [place for place in world.places if place.rule == "/broken/<number>"]
    run_pages(world, tally, seed_of_round=1, until=time.monotonic() + 1)
    assert tally.faults and "/broken/" in tally.faults[0] and "500" in tally.faults[0]
    with pytest.raises(AssertionError, match="500"):
        world.send(Ask("intake", "nobody", "GET", "/broken/x"))
