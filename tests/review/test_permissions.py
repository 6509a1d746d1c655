"""Closed by default: every route has a rule, and every role is let in or kept out by it."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from services.review.models.people import ROLES
from services.review.permissions import API, PUBLIC, RULES
from shared import references
from tests.apps import make, on_sqlite
from tests.factories import contents
from tests.fakes import take
from tests.intake.browsing import HTML
from tests.review.office import do, post, received, sent, signed_in, visit


def addresses(app: Flask, reference: str) -> list[tuple[str, str, str]]:
    """Endpoint, method and path of every route behind the guard."""
    bound = app.url_map.bind("localhost")
    routes = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC | API:
            continue
        values = {name: reference if name == "reference" else "x" for name in rule.arguments}
        path = bound.build(rule.endpoint, values)
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        routes += [(rule.endpoint, method, path) for method in sorted(methods)]
    return routes


def test_every_route_has_a_rule_and_every_rule_a_route():
    app = make("review")
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert routes == PUBLIC | API | set(RULES)
    assert not (PUBLIC & set(RULES) or API & set(RULES) or PUBLIC & API)
    assert all(roles and roles <= set(ROLES) for roles in RULES.values())


def test_a_route_that_somebody_adds_is_closed_to_everybody(apps: dict[str, Flask]):
    review = apps["review"]
    review.add_url_rule("/new", "new.page", lambda: "let in")
    assert visit(review.test_client(), "/new").status == 303
    assert visit(signed_in(review, "director"), "/new").status == 403


@on_sqlite
def test_without_signing_in_every_route_refuses_and_changes_nothing(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    before = contents(review)
    paths = [path for _, _, path in addresses(review, case)] + ["/no/such/address"]
    for path in paths:
        for method in ("GET", "POST", "PUT", "DELETE", "HEAD"):
            answer = review.test_client().open(path, method=method, headers=HTML)
            assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (
                303,
                "/sign-in",
            ), (method, path)
    assert contents(review) == before


@on_sqlite
@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_its_rules_say_and_nothing_else(apps: dict[str, Flask], role: str):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review, role)
    reached: dict[str, bool] = {}
    for endpoint, method, path in addresses(review, case):
        if endpoint == "account.sign_out":
            continue
        answer = client.open(path, method=method, headers=HTML)
        reason = "Your role does not allow this" if role != "admin" else "don’t see cases"
        refused = answer.status_code == 403 and reason in answer.text
        reached[endpoint] = reached.get(endpoint, True) and not refused
        assert answer.status_code < 500, path
    expected = {endpoint: role in roles for endpoint, roles in RULES.items()}
    del expected["account.sign_out"]
    assert reached == expected


@on_sqlite
def test_no_form_of_the_office_works_without_its_token(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client, admin = signed_in(review, "director"), signed_in(review, "admin")
    assert do(client, case, "decision", kind="accept").status == 303
    visit(client, f"/cases/{case}")
    before = contents(review)
    posts = [(one, path) for one, method, path in addresses(review, case) if method == "POST"]
    assert len(posts) > 8
    for endpoint, path in posts:
        by = client if "director" in RULES[endpoint] else admin
        for token in ({}, {"csrf_token": "x"}):
            typed = {"revision": "1", "text": "x", "reason": "x", "kind": "accept", **token}
            assert post(by, path, **typed).status == 400, path
    assert contents(review) == before


def test_staff_of_one_office_find_no_case_of_another(apps: dict[str, Flask]):
    review = apps["review"]
    regional = references.new()
    take(review, sent("faculty-full-water-testing", proposal_id=uuid4(), reference=regional))
    shown = references.display(regional)
    inside = signed_in(review, "triage", name="Inside Person", office="regional")
    outside = signed_in(review, "triage", name="Outside Person", office="main")
    assert visit(inside, f"/cases/{shown}").status == 200
    revision = visit(inside, f"/cases/{shown}").forms[1].named("revision")[0].value
    assert shown in visit(inside, "/").html
    assert shown not in visit(outside, "/").html
    assert "No matching cases" in visit(outside, "/", q=shown, tab="all").text()
    token = visit(outside, "/").forms[0].named("csrf_token")[0].value
    for endpoint, method, path in addresses(review, shown):
        if endpoint.startswith(("cases.", "decisions.")) and endpoint != "cases.reopen":
            typed = {"csrf_token": token, "revision": revision, "text": "x", "reason": "x",
                     "kind": "accept", "to": str(uuid4()), "office": "main", "subject": "x",
                     "version": "1", "answer": "again"}  # fmt: skip
            answer = outside.open(path, method=method, data=typed, headers=HTML)
            allowed = "triage" in RULES[endpoint]
            assert answer.status_code == (404 if allowed else 403), path


def test_what_is_confidential_is_kept_from_those_who_only_read(apps: dict[str, Flask]):
    review = apps["review"]
    private = references.new()
    take(review, sent("partner-full-charging-stations", proposal_id=uuid4(), reference=private))
    (other,) = received(review)
    auditor = signed_in(review, "auditor")
    assert visit(auditor, f"/cases/{references.display(private)}").status == 404
    assert references.display(private) not in visit(auditor, "/").html
    assert visit(auditor, f"/cases/{other}").status == 200
    triage = visit(signed_in(review, "triage"), f"/cases/{references.display(private)}")
    assert "two rivals" in triage.text()


def test_an_assessor_reads_confidential_answers_only_of_their_own_cases(
    apps: dict[str, Flask],
):
    review = apps["review"]
    reference = references.new()
    answers = {"who_pays": {"payers": ["partner"], "note": "The board gave us a budget"}}
    take(review, sent("partner-half-idea", reference=reference, answers=answers))
    shown = references.display(reference)
    assessor = signed_in(review, "assessor")
    page = visit(assessor, f"/cases/{shown}")
    assert "The board gave us" not in page.html
    assert "Only people who work on the case can read this" in page.text()
    form = {control.name: control.value for control in page.forms[1].controls}
    assert post(assessor, f"/cases/{shown}/take", **form).status == 303
    assert "The board gave us" in visit(assessor, f"/cases/{shown}").html


def test_a_generated_password_must_be_changed_before_anything_else(
    apps: dict[str, Flask],
):
    review = apps["review"]
    made = review.test_cli_runner().invoke(
        args=["staff", "add", "new@office.example", "--name", "New Person", "--role", "lead",
              "--generate"]
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    password = made.output.split("once: ")[1].splitlines()[0]
    client = review.test_client()
    token = visit(client, "/sign-in").form.named("csrf_token")[0].value
    entered = post(client, "/sign-in", email="new@office.example", password=password,
                   csrf_token=token)  # fmt: skip
    assert entered.status == 303
    assert visit(client, "/").response.headers["Location"] == "/account"
    page = visit(client, "/account")
    changed = _change(client, page, password, "an entirely new one")
    assert changed.status == 303
    assert visit(client, "/").status == 200


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("too short", "at least 12 characters"),
        ("triagepersontriage", "easy to guess"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("x" * 2000, "1024"),
    ],
)
@on_sqlite
def test_a_weak_password_is_refused_with_what_to_do(apps: dict[str, Flask], new: str, said: str):
    review = apps["review"]
    client = signed_in(review, "triage")
    page = visit(client, "/account")
    answer = _change(client, page, "walking on the far side", new)
    assert answer.status == 422
    assert said in answer.text()


def test_changing_the_password_ends_every_other_session(apps: dict[str, Flask]):
    review = apps["review"]
    here, there = signed_in(review, "triage"), signed_in(review, "triage")
    assert _change(here, visit(here, "/account"), "not the password", "x").status == 422
    page = visit(here, "/account")
    assert _change(here, page, "walking on the far side", "swimming in the lake").status == 303
    assert visit(here, "/").status == 200
    assert visit(there, "/").status == 303


def test_people_can_end_only_their_own_other_sessions(apps: dict[str, Flask]):
    review = apps["review"]
    here, there = signed_in(review, "triage"), signed_in(review, "triage")
    stranger = signed_in(review, "lead")
    page = visit(here, "/account")
    (other,) = [form.action for form in page.forms if form.action.endswith("/end")]
    token = visit(stranger, "/account").forms[0].named("csrf_token")[0].value
    assert post(stranger, other, csrf_token=token).status == 303
    assert visit(there, "/").status == 200
    assert post(here, other, csrf_token=page.forms[0].named("csrf_token")[0].value).status == 303
    assert visit(there, "/").status == 303


def _change(client: Any, page: Any, current: str, new: str) -> Any:
    token = page.forms[0].named("csrf_token")[0].value
    return post(client, "/account/password", current=current, new=new, csrf_token=token)
