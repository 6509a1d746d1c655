"""Cases as JSON, for those who hold the token and for nobody else."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from services.review.permissions import API
from shared import references
from tests.apps import TOKEN, on_sqlite
from tests.factories import an_event, contents
from tests.fakes import take

BEARER = {"Authorization": f"Bearer {TOKEN}"}


def get(app: Flask, path: str, **headers: str) -> Any:
    return app.test_client().get(path, headers=BEARER | headers)


def opened(app: Flask, number: int) -> list[str]:
    """So many cases; their references as they are shown, oldest first."""
    cases = [references.new() for _ in range(number)]
    for reference in cases:
        take(app, an_event("proposal.changed.v1", proposal_id=uuid4(), reference=reference))
    return [references.display(reference) for reference in cases]


@on_sqlite
@pytest.mark.parametrize(
    "given",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"bearer {TOKEN}"},
        {"Authorization": f"Bearer {TOKEN} "[:-2]},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer \xfc\xff"},
        {"X-Authorization": f"Bearer {TOKEN}"},
    ],
)
def test_every_address_of_the_api_requires_the_token(apps: dict[str, Flask], given: dict[str, str]):
    review = apps["review"]
    opened(review, 1)
    before = contents(review)
    paths = ["/api/no/such/address", "/api/v1/cases/AA2A-A2AA"]
    for rule in review.url_map.iter_rules():
        if rule.endpoint in API:
            paths.append(review.url_map.bind("localhost").build(
                rule.endpoint, dict.fromkeys(rule.arguments, "x")))  # fmt: skip
    assert len(paths) == 4
    for path in paths:
        for method in ("GET", "POST", "DELETE"):
            answer = review.test_client().open(path, method=method, headers=given)
            assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), path
            assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert contents(review) == before


@on_sqlite
def test_without_a_configured_token_the_api_refuses_everyone(apps: dict[str, Flask]):
    apps["review"].config["API_TOKEN"] = ""
    for token in ("", "Bearer ", f"Bearer {TOKEN}"):
        answer = get(apps["review"], "/api/v1/cases", Authorization=token)
        assert answer.status_code == 401


@on_sqlite
@pytest.mark.parametrize("service", ["intake", "notify"])
def test_health_is_public_everywhere(apps: dict[str, Flask], service: str):
    assert apps[service].test_client().get("/healthz").status_code == 200
    assert apps["review"].test_client().get("/healthz").status_code == 200


def test_the_list_goes_fifty_by_fifty_from_the_newest_to_the_oldest(apps: dict[str, Flask]):
    review = apps["review"]
    cases = opened(review, 103)
    listed: list[str] = []
    path = "/api/v1/cases"
    for size in (50, 50, 3, 0):
        page = [case["reference"] for case in get(review, path).json["cases"]]
        assert len(page) == size
        listed += page
        path = f"/api/v1/cases?before={listed[-1]}"
    assert listed == cases[::-1]


@pytest.mark.parametrize("before", ["", "x", "AA2A-A2AA", "1 OR 1=1"])
def test_a_page_after_an_unknown_case_is_refused(apps: dict[str, Flask], before: str):
    opened(apps["review"], 1)
    answer = get(apps["review"], f"/api/v1/cases?before={before}")
    assert (answer.status_code, answer.json["code"]) == (422, "before")


def test_one_case_shows_its_answers_and_its_mails(apps: dict[str, Flask]):
    review = apps["review"]
    proposal = uuid4()
    take(review, an_event("proposal.changed.v1", proposal_id=proposal))
    for kind, state in (("receipt", "sent"), ("staff_alert", "deferred")):
        mail_status: dict[str, Any] = {"mail_id": uuid4(), "kind": kind, "state": state}
        take(review, an_event("mail.changed.v1", proposal_id=proposal, **mail_status))
    case = get(review, "/api/v1/cases/hk4t w7rb").json
    assert case["reference"] == "HK4T-W7RB"
    assert case["answers"]["working_title"] == "Reading shop drawings"
    assert sorted((mail["kind"], mail["state"]) for mail in case["mails"]) == [
        ("receipt", "sent"),
        ("staff_alert", "deferred"),
    ]


@pytest.mark.parametrize("typed", ["AA2A-A2AA", "x", "1%20OR%201=1", "..%2F1", "%7B5c1f0c52%7D"])
def test_a_reference_that_nobody_has_is_not_found(apps: dict[str, Flask], typed: str):
    opened(apps["review"], 1)
    answer = get(apps["review"], f"/api/v1/cases/{typed}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
