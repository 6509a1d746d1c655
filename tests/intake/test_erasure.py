"""After a person is erased, nothing of theirs is left in any table of any service."""

from collections.abc import Iterator
from typing import Any

from click.testing import Result
from flask import Flask

from services.intake.models import ErasureReport, Person, Proposal
from services.notify.models import Mail
from services.review.models import Case
from shared import strict_json
from shared.tables import OutboxRow
from tests.factories import an_event, contents, count, rows, sample, send, send_proposal
from tests.fakes import carry, take

CANARY = "canary"
PHONE = "(513) 555-0177 ext. 4"  # of the sample; cannot be marked


def erase(app: Flask, address: str) -> Result:
    return app.test_cli_runner().invoke(args=["person", "erase", address, "--yes"])


def traces(apps: dict[str, Flask], *words: str) -> list[str]:
    """The tables, by service, in which one of these words can still be read."""
    found_in = []
    for service, app in apps.items():
        for table, kept in contents(app).items():
            if table != "profile_version" and any(
                word.casefold() in _readable(value) for row in kept for value in row
                for word in words
            ):  # fmt: skip
                found_in.append(f"{service}.{table}")
    return found_in


def _readable(value: Any) -> str:
    plain = (
        bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else value
    )
    return str(plain).casefold()


def with_canaries(value: Any, number: Iterator[int]) -> Any:
    """The same answers with a canary in each free text and address."""
    if isinstance(value, dict):
        return {key: with_canaries(one, number) for key, one in value.items()}
    if isinstance(value, list):
        return [with_canaries(item, number) for item in value]
    if not isinstance(value, str):
        return value
    if "@" in value:
        return f"{CANARY}{next(number)}@{CANARY}.example"
    markable = " " in value and len(value) < 120 and value != PHONE
    return f"{value} {CANARY}{next(number)}" if markable else value


def a_full_proposal() -> dict[str, Any]:
    """A sample in which everything that a person could have typed is marked."""
    body = sample("faculty-full-water-testing")
    body["answers"] = with_canaries(body["answers"], iter(range(1000)))
    return body


def test_an_erasure_leaves_nothing_the_person_wrote_in_any_service(apps: dict[str, Flask]):
    intake, review = apps["intake"], apps["review"]
    body = a_full_proposal()
    proposer = body["answers"]["contact_email"]
    answer = send(intake.test_client(), body)
    assert answer.status_code == 201, answer.json
    reference = answer.json["reference"]
    (proposal,) = rows(intake, Proposal)
    take(review, an_event("post.added.v1", proposal_id=proposal.id, author=CANARY))  # too early
    carry(apps)
    assert "review.work" in traces(apps, CANARY)
    commands = [("post", "add", reference, f"a {CANARY} in a post")]
    assert intake.test_cli_runner().invoke(args=commands[0]).exit_code == 0
    assert review.test_cli_runner().invoke(args=[*commands[0], "--by", CANARY]).exit_code == 0
    carry(apps)
    assert {name.split(".")[0] for name in traces(apps, CANARY, PHONE)} == set(apps)

    assert erase(intake, proposer.upper()).exit_code == 0
    carry(apps)

    left = traces(apps, CANARY, PHONE)
    assert left == ["intake.people"], left  # her co-proposers, who have not asked
    people = [person.address for person in rows(intake, Person)]
    assert proposer not in people
    for address in people:
        assert erase(intake, address).exit_code == 0
    carry(apps)
    assert traces(apps, CANARY, PHONE) == []
    assert count(intake, ErasureReport) == 2 * (1 + len(people))


def test_an_erased_case_keeps_its_dates_and_the_status_page_reveals_nothing(
    apps: dict[str, Flask],
):
    reference = send_proposal(apps["intake"])
    carry(apps)
    erase(apps["intake"], "ray@okafor-millwork.example")
    carry(apps)
    (case,) = rows(apps["review"], Case)
    (proposal,) = rows(apps["intake"], Proposal)
    assert (case.state, case.answers, case.people, case.title) == ("erased", {}, [], "")
    assert (proposal.state, proposal.answers, proposal.title) == ("erased", {}, "")
    assert case.first_reply_by == proposal.first_reply_by
    assert apps["intake"].test_client().get(f"/status/{reference}").json["contact"] is None
    assert count(apps["notify"], Mail) == 0


def test_a_co_proposer_goes_and_the_proposal_stays(apps: dict[str, Flask]):
    intake, review = apps["intake"], apps["review"]
    ana = {"name": "Ana Ruiz", "email": "ana@okafor-millwork.example"}
    joe = {"name": "Joe Bell", "email": "joe@okafor-millwork.example"}
    send_proposal(intake, co_proposers=[ana, joe])
    carry(apps)

    assert erase(intake, ana["email"]).exit_code == 0
    carry(apps)
    assert traces(apps, "ana ruiz", ana["email"]) == []
    (case,) = rows(review, Case)
    assert [person["name"] for person in case.people] == ["Ray Okafor", "Joe Bell"]
    assert case.answers["co_proposers"] == [joe]
    assert (case.state, case.proposal_version) == ("triage", 2)

    assert erase(intake, joe["email"]).exit_code == 0
    carry(apps)
    (case,) = rows(review, Case)
    assert "co_proposers" not in case.answers
    assert traces(apps, "joe bell") == []


def test_events_in_transit_about_an_erased_person_have_no_effect(apps: dict[str, Flask]):
    intake, review, notify = (apps[name] for name in ("intake", "review", "notify"))
    send_proposal(intake, org_name=CANARY)
    about_her = [row.envelope for row in rows(intake, OutboxRow)]
    take(review, about_her[0])
    about_her += [row.envelope for row in rows(review, OutboxRow)]
    erase(intake, "ray@okafor-millwork.example")
    (erased,) = rows(intake, OutboxRow, OutboxRow.event_type == "person.erased.v1")
    for app in (review, notify):
        take(app, erased.envelope)

    for event in about_her:
        name = strict_json.loads(event)["type"].removeprefix("edu.overture.")
        for app in apps.values():
            if name in app.extensions["handlers"]:
                take(app, event)
    (proposal,) = rows(intake, Proposal)
    late = {"proposal_id": proposal.id, "reason": f"550 no such user {CANARY}@x.example"}
    for app in (intake, review):
        take(app, an_event("mail.changed.v1", **late))
        take(app, an_event("post.added.v1", proposal_id=proposal.id, text=CANARY))
    assert traces(apps, CANARY, "okafor") == []
    assert count(notify, Mail) == 0
    assert [case.state for case in rows(review, Case)] == ["erased"]


def test_an_unknown_address_is_refused_and_nothing_changes(apps: dict[str, Flask]):
    send_proposal(apps["intake"])
    before = contents(apps["intake"])
    ran = erase(apps["intake"], "somebody@else.example")
    assert ran.exit_code == 1
    assert contents(apps["intake"]) == before


def test_an_erasure_asks_before_it_acts(apps: dict[str, Flask]):
    send_proposal(apps["intake"])
    before = contents(apps["intake"])
    runner = apps["intake"].test_cli_runner()
    ran = runner.invoke(args=["person", "erase", "ray@okafor-millwork.example"], input="n\n")
    assert ran.exit_code == 1
    assert contents(apps["intake"]) == before


def test_a_repeated_erasure_event_changes_nothing(apps: dict[str, Flask]):
    send_proposal(apps["intake"])
    carry(apps)
    erase(apps["intake"], "ray@okafor-millwork.example")
    carry(apps, times=3)
    assert count(apps["intake"], ErasureReport) == 2
