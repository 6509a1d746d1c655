"""What every response of every address has or lacks, whoever asks.

The addresses are read from the app, so each of these tests visits a new page too.
"""

from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.review.models import Staff
from shared import references
from shared.events import SERVICES
from shared.settings.checks import BadSettings
from tests.apps import PUBLIC, close, make, on_sqlite
from tests.factories import contents, count, sample
from tests.intake import form_filling
from tests.intake.browsing import HTML
from tests.intake.mailed_links import sent_with_link
from tests.review.office import do, received, sign_in, signed_in

Visit = tuple[str, str, TestResponse]  # the endpoint, what was asked, the answer
EVIL = {"Origin": "https://evil.example"}
ASSETS = ("ui.asset", "ui.brand", "ui.icon", "static")  # public files, made to be kept
# What a visit alone leaves: who looked at a case, and one more of so many guesses an hour.
LEAVES = {"cases.page": {"audit"}, "sign_in_links.show": {"uses"}, "reminders.ask": {"uses"}}


def addresses(app: Flask, **values: str) -> list[tuple[str, str, set[str]]]:
    """Endpoint, path and methods of every route, with `values` or "x" in their gaps."""
    bound = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        gaps = {name: values.get(name, "x") for name in rule.arguments}
        found.append((rule.endpoint, unquote(bound.build(rule.endpoint, gaps)), rule.methods))
    return [*found, ("none", "/no-such-address", {"GET"})]


def someone_in(app: Flask) -> tuple[FlaskClient, dict[str, str]]:
    """A browser that may see much of this service, and what to put into its addresses."""
    service = app.config["SERVICE"]
    if service == "review":
        (case,) = received(app)
        client = signed_in(app, "director")
        assert do(client, case, "decision", kind="accept").status == 303
        return client, {"reference": case}
    client = app.test_client()
    if service == "intake":
        reference, path = sent_with_link(app)
        assert form_filling.play(client, sample("partner-half-idea")).path == "/sent"
        draft = form_filling.begin(client, "partner").path.split("/")[2]
        shown = references.display(references.parse(reference) or "")
        here = {"draft": draft, "name": "you", "branch": "partner"}
        return client, here | {"typed": shown, "token": path.removeprefix("/go/")}
    return client, {}


def visits(app: Flask, methods: tuple[str, ...], **headers: str) -> Iterator[Visit]:
    """Each address as somebody known and as a stranger, by each of these methods that it has."""
    client, values = someone_in(app)
    for endpoint, path, allowed in addresses(app, **values):
        for method in methods:
            if method in ("TRACE", "OPTIONS", *allowed) and endpoint != "account.sign_out":
                for who in (client, app.test_client()):
                    answer = who.open(path, method=method, headers=HTML | headers)
                    yield endpoint, f"{method} {path}", answer


@on_sqlite
@pytest.mark.parametrize("service", SERVICES)
def test_no_address_lets_another_site_read_its_answer(apps: dict[str, Flask], service: str):
    asks = EVIL | {"Access-Control-Request-Method": "POST"}
    seen = 0
    for _, said, answer in visits(apps[service], ("GET", "POST", "OPTIONS"), **asks):
        seen += 1
        assert "access-control" not in str(answer.headers).lower(), said
    assert seen > 8


@on_sqlite
@pytest.mark.parametrize("service", SERVICES)
def test_every_answer_allows_scripts_and_styles_of_its_own_host_alone(
    apps: dict[str, Flask], service: str
):
    for _, said, answer in visits(apps[service], ("GET", "POST")):
        given = [part.split() for part in answer.headers["Content-Security-Policy"].split(";")]
        allowed = {name: places for name, *places in given}
        nothing = {name for name, places in allowed.items() if places == ["'none'"]}
        assert {"default-src", "base-uri", "frame-ancestors"} <= nothing, said
        others = {tuple(places) for name, places in allowed.items() if name not in nothing}
        assert others == {("'self'",)} and "form-action" in allowed, said


@on_sqlite
@pytest.mark.parametrize("service", SERVICES)
def test_every_text_names_its_characters(apps: dict[str, Flask], service: str):
    kinds = set()
    for _, said, answer in visits(apps[service], ("GET", "POST")):
        kinds.add(answer.mimetype)
        if answer.mimetype.startswith("text/") or answer.mimetype.endswith("xml"):
            assert answer.mimetype_params.get("charset") == "utf-8", said
    assert {"text/html", "text/plain"} & kinds


@on_sqlite
@pytest.mark.parametrize("service", SERVICES)
def test_only_public_files_are_kept_by_a_cache(apps: dict[str, Flask], service: str):
    seen = 0
    for endpoint, said, answer in visits(apps[service], ("GET", "POST")):
        if endpoint not in ASSETS:
            seen += 1
            assert answer.headers["Cache-Control"] == "no-store", said
    assert seen > 6


@on_sqlite
@pytest.mark.parametrize("service", SERVICES)
def test_no_address_sends_a_request_back(apps: dict[str, Flask], service: str):
    for _, said, answer in visits(apps[service], ("TRACE",), **{"X-Canary": "sent back"}):
        assert answer.status_code in (303, 401, 404, 405), said
        assert "sent back" not in answer.text, said


@on_sqlite
@pytest.mark.parametrize("service", ["intake", "review"])
def test_opening_an_address_changes_nothing(apps: dict[str, Flask], service: str):
    app = apps[service]
    client, values = someone_in(app)
    pages = 0
    for endpoint, path, allowed in addresses(app, **values):
        for method in {"GET", "HEAD"} & allowed:
            before = contents(app)
            pages += client.open(path, method=method, headers=HTML).status_code == 200
            after = contents(app)
            changed = {name for name in after if after[name] != before[name]}
            assert changed <= LEAVES.get(endpoint, set()), (endpoint, path)
    assert pages > 10


@on_sqlite
def test_no_form_of_a_proposer_works_without_its_token(apps: dict[str, Flask]):
    intake = apps["intake"]
    client, values = someone_in(intake)
    forms = [path for endpoint, path, methods in addresses(intake, **values)
             if "POST" in methods and not path.startswith(("/api/", "/reminders/"))]  # fmt: skip
    assert f"/draft/{values['draft']}/send" in forms
    for path in forms:
        for token in ({}, {"csrf_token": "forged"}):
            before = {**contents(intake), "uses": []}
            answer = client.post(path, data={"go": "open", **token}, headers=HTML)
            assert answer.status_code in (303, 307, 400, 403, 404), path
            assert {**contents(intake), "uses": []} == before, path


@on_sqlite
def test_a_new_office_has_no_account(apps: dict[str, Flask]):
    assert count(apps["review"], Staff) == 0
    for email in ("admin", "admin@example.edu", "root@localhost"):
        for password in ("", "admin", "password", "overture"):
            assert sign_in(apps["review"].test_client(), email, password).status == 422


@on_sqlite
@pytest.mark.parametrize("service", ["intake", "review"])
def test_every_cookie_is_bound_to_its_host_and_hidden_from_scripts(database: str, service: str):
    app = make(service, DATABASE_URL=database, **PUBLIC)
    cookies = set()
    for _, _, answer in visits(app, ("GET", "POST")):
        cookies |= set(answer.headers.getlist("Set-Cookie"))
    for cookie in cookies:
        name, *flags = cookie.split("; ")
        assert name.startswith("__Host-"), cookie
        assert {"Secure", "HttpOnly", "Path=/"} <= set(flags), cookie
        assert {"SameSite=Lax", "SameSite=Strict"} & set(flags), cookie
        assert "domain" not in cookie.lower(), cookie
    assert cookies
    close(app)


@on_sqlite
@pytest.mark.parametrize("service", SERVICES)
def test_a_fault_of_ours_shows_no_code(apps: dict[str, Flask], service: str):
    app = apps[service]
    assert not app.debug and not app.testing

    def fails() -> str:
        raise RuntimeError("canary in the code")

    app.view_functions["health.alive"] = fails
    for accept in ("text/html", "application/json"):
        answer = app.test_client().get("/healthz", headers={"Accept": accept})
        assert answer.status_code == 500 and answer.headers["X-Request-Id"]
        for word in ("canary", "Traceback", "RuntimeError", ".py"):
            assert word not in answer.text


@pytest.mark.parametrize("service", SERVICES)
def test_a_public_installation_refuses_to_start_with_a_debugger(
    monkeypatch: pytest.MonkeyPatch, service: str
):
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(BadSettings, match="^FLASK_DEBUG must be empty"):
        make(service, **PUBLIC)
    assert make(service).debug, "on a developer's machine it may"
