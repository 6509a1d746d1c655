"""Generated cases match in review and intake, look like an office's, and are quick to find."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from infra.tools.load_data import COMMON, RARE, filling, patterns, wording
from services.intake.models import CaseView, Person, Proposal, ProposalPerson
from services.intake.models import MailStatus as FateAtIntake
from services.intake.models import Post as PostAtIntake
from services.review.models import Audit, Case, CaseFlag, Letter, MailStatus, Post
from services.review.models.states import OPEN
from services.review.queue.listing import PAGE_SIZE
from shared import calendar, db, events, profile, references
from shared.commands import PROFILES
from shared.profile import Profile
from shared.profile.answers import validation
from tests.apps import close, on_sqlite, start
from tests.factories import count, rows
from tests.review.office import PROFILE, hire, sign_in, signed_in, visit

LAST_DAY = datetime(2026, 11, 20, 22, tzinfo=UTC)


def fill(apps: dict[str, Flask], number: int = 120, *, seed: int = 7) -> None:
    for _ in filling.fill(apps, number=number, seed=seed, until=LAST_DAY):
        pass


def columns(row: Any, *left_out: str) -> dict[str, Any]:
    names = [column.name for column in type(row).__table__.columns]
    return {name: getattr(row, name) for name in names if name not in left_out}


def table(app: Flask, model: Any, key: str, *left_out: str) -> dict[Any, dict[str, Any]]:
    return {getattr(row, key): columns(row, *left_out) for row in rows(app, model)}


def test_both_services_have_the_same_state_of_every_case(apps: dict[str, Flask]):
    fill(apps)
    review, intake = apps["review"], apps["intake"]
    proposals = {row.id: row for row in rows(intake, Proposal)}
    views = {row.case_id: row for row in rows(intake, CaseView)}
    people = {row.id: row.address for row in rows(intake, Person)}
    standing = Counter(
        (row.proposal_id, row.person_id, row.name) for row in rows(intake, ProposalPerson)
    )
    cases = rows(review, Case)
    assert len(cases) == len(proposals) == len(views) == 120
    for case in cases:
        proposal, view = proposals[case.proposal_id], views[case.id]
        for name in ("reference", "title", "answers", "branch", "language", "submitted_at"):
            assert getattr(case, name) == getattr(proposal, name)
        promised = calendar.promises(PROFILE, case.submitted_at)
        assert {name: getattr(proposal, name) for name in promised} == promised
        told = events.strict("case.changed.v1").load(view.state)
        assert (told["version"], told["public_label"]) == (case.version, case.public_label)
        assert told["promises"] == {name: getattr(case, name) for name in promised}
        for person in case.people:
            assert person["address"] in people.values()
        assert case.reference == references.parse(references.display(case.reference))
    assert sum(standing.values()) == sum(len(case.people) for case in cases)
    assert table(review, MailStatus, "mail_id", "suppressed") == table(
        intake, FateAtIntake, "mail_id"
    )
    assert table(review, Post, "id") == table(intake, PostAtIntake, "id", "departure_id") != {}


def test_review_may_be_filled_alone(apps: dict[str, Flask]):
    fill({"review": apps["review"]})
    assert count(apps["review"], Case) == 120
    assert count(apps["intake"], Proposal) == count(apps["intake"], Person) == 0


def test_generated_search_texts_flags_and_dates_equal_those_of_the_code(apps: dict[str, Flask]):
    fill(apps)
    review = apps["review"]

    def kept() -> Any:
        flags = sorted((row.case_id, row.place, row.flag) for row in rows(review, CaseFlag))
        return table(review, Case, "id"), flags

    before = kept()
    refreshed = review.test_cli_runner().invoke(args=["cases", "refresh"])
    assert "120 cases" in refreshed.output
    assert kept() == before


@on_sqlite
def test_every_case_has_the_audit_entries_and_letters_of_its_state(apps: dict[str, Flask]):
    fill(apps, 250)
    review = apps["review"]
    deeds: dict[Any, list[Audit]] = {}
    for row in rows(review, Audit):
        deeds.setdefault(row.case_id, []).append(row)
    letters = Counter((row.case_id, row.released_at is not None) for row in rows(review, Letter))
    for case in rows(review, Case):
        done = deeds[case.id]
        assert [row.revision for row in done] == list(range(1, case.revision + 1))
        assert [row.at for row in done] == sorted(row.at for row in done)
        assert done[-1].to_state == case.state and done[-1].at <= LAST_DAY
        for before, after in zip(done, done[1:], strict=False):
            assert after.from_state == before.to_state
        assert (letters[case.id, True] > 0) >= (case.outcome is not None)
        assert letters[case.id, False] == (case.state == "decision_draft")


@on_sqlite
def test_most_cases_are_decided_some_dozens_are_open_and_few_are_late(apps: dict[str, Flask]):
    fill(apps, 1100)
    cases = rows(apps["review"], Case)
    states = Counter(case.state for case in cases)
    at_work = states["triage"] + states["decision_draft"]
    late = [case for case in cases if case.due_on < LAST_DAY.date()]
    assert 10 <= at_work <= 100
    assert 0 < len(late) <= at_work / 2
    assert states["accepted"] > states["declined"] > states["withdrawn"] > states["quarantined"] > 0
    assert states["accepted"] + states["declined"] > 800 and states["deferred"] > 0
    assert Counter(case.branch for case in cases).keys() == set(PROFILE.branches)
    assert len({case.submitted_at.year for case in cases}) >= 6
    assert len({case.title for case in cases}) > 950
    with_common = sum(COMMON in case.search_text for case in cases)
    assert 0.3 < with_common / len(cases) < 0.5
    assert sum(RARE in case.search_text for case in cases) == 1
    assert {case.language for case in cases} == {"en", "es"}

    client = signed_in(apps["review"])
    tabs = visit(client, "/").text("nav")
    assert "All 1,000+" in tabs and f"In triage {states['triage']}" in tabs
    assert sum(case.state in OPEN for case in cases) < 1000
    results = [link for link in visit(client, "/", tab="all", q=RARE).links if "/cases/" in link]
    assert len(results) == 1


@on_sqlite
def test_the_same_seed_makes_the_same_cases(apps: dict[str, Flask], tmp_path: Path):
    url = f"sqlite:///{tmp_path}/again/{{service}}.db"
    others = {service: start(service, DATABASE_URL=url) for service in ("intake", "review")}
    fill(apps)
    fill(others)
    left_out = ("owner_id", "staff_id")  # people of the office are added as anywhere, by chance
    first, second = (table(one["review"], Case, "id", *left_out) for one in (apps, others))
    assert first == second
    assert table(apps["intake"], CaseView, "case_id") == table(
        others["intake"], CaseView, "case_id"
    )
    fill(others, 30, seed=8)
    assert count(others["review"], Case) == 150
    for app in others.values():
        close(app)


@on_sqlite
def test_a_database_with_cases_is_refused(apps: dict[str, Flask]):
    filling.refuse_full(apps)
    fill(apps, 5)
    with pytest.raises(filling.Full, match="--add"):
        filling.refuse_full(apps)


@pytest.mark.parametrize("name", ["example", "partner-first", "governance-first"])
def test_the_form_of_every_profile_takes_the_answers(name: str):
    its = Profile.of(profile.read(PROFILES / name))
    random = Random(3)
    for pattern in patterns.of(its, random=random)[::7]:
        idea = wording.idea(random, 1, language=its.language)
        who, other = (wording.mailbox(random, idea.field, language="en", campus="") for _ in "ab")
        unit = its.units[0]["value"]
        said = patterns.filled(pattern, idea, who, unit=unit, others=[other])
        assert validation.load(its, validation.without_presets(its, said)) == said
        assert who.name in said.values() and idea.title in said.values()


@on_sqlite
def test_pages_of_the_office_ask_the_database_a_handful_of_questions(apps: dict[str, Flask]):
    fill(apps, 3 * PAGE_SIZE)
    review = apps["review"]
    client = review.test_client()
    sign_in(client, hire(review, "lead", name="Lena Lead"))
    owner = rows(review, Case, Case.owner_id.is_not(None))[0].owner_id.hex
    middle = next(link for link in visit(client, "/", tab="all").links if "after=" in link)
    for path in ("/", "/?tab=mine", "/?tab=declined", f"/?owner={owner}", "/?owner=nobody", middle,
                 "/?office=main", "/?branch=partner", "/?flag=title_long"):  # fmt: skip
        assert 2 <= count_statements(review, client, path) <= 5, path
    for words_of in (RARE, COMMON, f"welding {COMMON}", "zz"):
        assert 2 <= count_statements(review, client, f"/?tab=all&q={words_of}") <= 5, words_of
    decided = rows(review, Case, Case.state == "accepted")[0]
    assert (
        5
        <= count_statements(review, client, f"/cases/{references.display(decided.reference)}")
        <= 15
    )


def count_statements(app: Flask, client: Any, path: str) -> int:
    """How many statements a page takes, besides the one for the session and who it is."""
    with statements(app) as said:
        assert visit(client, path).status == 200
    return sum(
        "staff_sessions" not in statement and not statement.startswith("BEGIN")
        for statement in said
    )


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    statements_seen: list[str] = []

    def hear(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements_seen.append(statement)

    with app.app_context():
        engine = db.database().engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield statements_seen
    finally:
        event.remove(engine, "before_cursor_execute", hear)
