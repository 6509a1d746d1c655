"""Which link lets whom in. Everybody else learns nothing."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from services.intake.access import link_tokens
from services.intake.models import BrowserGrant, Draft, LinkToken, Person, Proposal
from shared import db, logs
from shared.tables import OutboxRow, now
from tests.factories import contents, count, rows, sample, send, send_proposal
from tests.intake import form_filling as typed
from tests.intake.browsing import HTML, get, press
from tests.intake.mailed_links import HALF, RAY, link_in, mailed, request_link, sent_with_link


def test_a_link_opens_in_the_language_in_which_the_idea_was_written(apps: dict[str, Flask]):
    intake = apps["intake"]
    assert send(intake.test_client(), sample("faculty-es-contabilidad")).status_code == 201
    path = link_in(mailed(intake, "receipt")[-1])
    client = intake.test_client()
    assert get(client, path).attributes("html") == [{"lang": "es"}]
    assert get(client, f"{path}?lang=en").attributes("html") == [{"lang": "en"}]
    opened = press(client, get(client, path), ("go", "open"))
    assert opened.attributes("html") == [{"lang": "es"}]


def test_the_link_of_the_receipt_shows_a_button_and_the_button_opens_the_page(
    apps: dict[str, Flask],
):
    intake = apps["intake"]
    reference, path = sent_with_link(intake)
    client = intake.test_client()
    page = get(client, path)
    assert (page.status, reference in page.text("h1")) == (200, True)
    assert "Received" in page.text()
    opened = press(client, page, ("go", "open"))
    assert (opened.status, opened.path) == (200, f"/status/{reference}")
    (proposal,) = rows(intake, Proposal)
    assert opened.text("h1") == proposal.title
    (one,) = rows(intake, BrowserGrant)
    assert rows(intake, Person)[0].verified_at is not None
    assert timedelta(hours=11) < one.expires_at - now() <= timedelta(hours=12)


def test_opening_the_page_of_a_link_grants_nothing(apps: dict[str, Flask]):
    intake = apps["intake"]
    reference, path = sent_with_link(intake)
    scanner = intake.test_client()
    for _ in range(10):
        assert scanner.get(path, headers={**HTML, "Sec-Purpose": "prefetch"}).status_code == 200
        assert scanner.head(path).status_code == 200
    assert count(intake, BrowserGrant) == 0
    assert get(scanner, f"/status/{reference}").path == "/link"
    client = intake.test_client()
    assert press(client, get(client, path), ("go", "open")).path == f"/status/{reference}"


def test_a_post_without_the_page_before_it_opens_nothing(apps: dict[str, Flask]):
    intake = apps["intake"]
    _, path = sent_with_link(intake)
    answer = intake.test_client().post(path, data={"go": "open"}, headers=HTML)
    assert answer.status_code == 403
    assert count(intake, BrowserGrant) == 0


def bad_links(path: str) -> list[str]:
    token = path.removeprefix("/go/")
    changed = token[:-2] + ("AA" if not token.endswith("AA") else "BB")
    return [
        "/go/x",
        f"/go/{token[:-4]}",
        f"/go/{changed}",
        f"/go/{token.swapcase()}",
        "/go/" + "x" * 1500,
        "/go/%27%20OR%201=1--",
        "/go/[%22x%22]",
    ]


def test_every_link_that_opens_nothing_leads_to_one_neutral_page(apps: dict[str, Flask]):
    intake = apps["intake"]
    _, path = sent_with_link(intake)
    _, over = sent_with_link(intake)
    with intake.app_context(), db.begin() as session:
        token = link_tokens.find(session, token=over.removeprefix("/go/"))
        assert token is not None
        session.execute(
            update(LinkToken).where(LinkToken.sha256 == token.sha256).values(expires_at=now())
        )
    texts = set()
    for bad in [over, *bad_links(path)]:
        page = get(intake.test_client(), bad)
        assert page.status == 404, bad
        texts.add(page.text())
    assert len(texts) == 1
    assert "no longer works" in texts.pop()


@pytest.mark.parametrize("bad", ["/go/%00", "/go/%FF"])
def test_an_address_that_is_no_text_is_not_found(apps: dict[str, Flask], bad: str):
    assert get(apps["intake"].test_client(), bad).status == 404


@pytest.mark.parametrize("end", [".", ")", ">", ",", ")."])
def test_what_a_mail_program_adds_to_a_link_does_not_matter(apps: dict[str, Flask], end: str):
    _, path = sent_with_link(apps["intake"])
    assert get(apps["intake"].test_client(), path + end).status == 200


def test_a_token_is_only_in_the_mail(apps: dict[str, Flask], capsys: pytest.CaptureFixture[str]):
    intake = apps["intake"]
    intake.config["LOG_LEVEL"] = "DEBUG"
    logs.init_app(intake)
    _, path = sent_with_link(intake)
    token = path.removeprefix("/go/")
    client = intake.test_client()
    opened = press(client, get(client, path), ("go", "open"))
    assert token not in opened.html
    assert opened.response.headers["Referrer-Policy"] == "no-referrer"
    lines = capsys.readouterr().err
    assert token not in lines
    paths = [json.loads(line).get("path") for line in lines.splitlines()]
    assert "/go/[token]" in paths
    stored = {name: str(table) for name, table in contents(intake).items() if name != "outbox"}
    assert [name for name, table in stored.items() if token in table] == []


def test_without_a_grant_a_reference_reveals_nothing(apps: dict[str, Flask]):
    reference = send_proposal(apps["intake"], working_title="Canary title")
    page = get(apps["intake"].test_client(), f"/status/{reference}")
    assert page.path == "/link"
    assert page.form.named("known")[0].value == reference
    assert "Canary" not in page.html
    unknown = get(apps["intake"].test_client(), "/status/AA2A-A2AA")
    assert unknown.text() == page.text()


@pytest.mark.parametrize("known", [RAY, RAY.upper(), "reference"])
def test_a_new_link_goes_to_the_address_that_was_given_before(apps: dict[str, Flask], known: str):
    intake = apps["intake"]
    reference = send_proposal(intake)
    client = intake.test_client()
    answer = request_link(client, reference.lower() if known == "reference" else known)
    assert answer.status == 200
    (mail,) = mailed(intake, "sign_in_link")
    assert mail["to_address"] == RAY
    opened = press(client, get(client, link_in(mail)), ("go", "open"))
    assert opened.path == f"/status/{reference}"
    ends = [token.expires_at - now() for token in rows(intake, LinkToken)]
    assert min(ends) <= timedelta(minutes=60) < timedelta(days=29) < max(ends)


@pytest.mark.parametrize(
    "unknown", ["nobody@example.com", "AA2A-A2AA", "aa2 aa2aa", "x@" + "mail." * 40 + "example"]
)
def test_a_request_for_a_link_does_not_reveal_who_is_known(apps: dict[str, Flask], unknown: str):
    intake = apps["intake"]
    send_proposal(intake)
    known = request_link(intake.test_client(), RAY)
    before = count(intake, OutboxRow)
    answer = request_link(intake.test_client(), unknown)
    assert (answer.status, answer.text()) == (known.status, known.text())
    assert count(intake, OutboxRow) == before


@pytest.mark.parametrize(
    "garbage", ["Dana Miller", "dana@miller", "HK4T", "a@b@c", "@", "x" * 5000]
)
def test_what_can_be_no_address_and_no_reference_is_refused(apps: dict[str, Flask], garbage: str):
    answer = request_link(apps["intake"].test_client(), garbage)
    assert answer.status == 422
    assert "Enter an email address or a reference such as HK4T-W7RB." in answer.text("section")
    assert count(apps["intake"], OutboxRow) == 0


def test_a_mailbox_gets_four_links_an_hour_and_no_fifth(apps: dict[str, Flask]):
    intake = apps["intake"]
    send_proposal(intake)
    intake.config["MAILS_PER_HOUR"] = "4"
    answers = [request_link(intake.test_client(), RAY).status for _ in range(6)]
    assert answers == [200] * 4 + [429] * 2
    assert len(mailed(intake, "sign_in_link")) == 4


def test_guesses_of_links_are_limited_per_hour(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.config["SENDS_PER_HOUR"] = "1"
    answers = [intake.test_client().get(f"/go/guess-{n}", headers=HTML) for n in range(12)]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429] * 2
    assert answers[-1].headers["Retry-After"] == "3600"


def test_a_draft_can_be_continued_on_another_device(apps: dict[str, Flask]):
    intake, body = apps["intake"], sample(HALF)
    here, phone = intake.test_client(), intake.test_client()
    page = typed.fill(here, typed.begin(here, "partner"), body["answers"])
    stopped = press(here, page, ("go", "later"))
    assert stopped.form.named("email")[0].value == body["answers"]["contact_email"]
    assert "is on its way" in press(here, stopped, ("go", "mail")).text("h1")
    (mail,) = mailed(intake, "draft_saved")
    (draft,) = rows(intake, Draft)
    assert mail["reference"] == draft.reference
    opened = press(phone, get(phone, link_in(mail)), ("go", "open"))
    assert opened.path == "/draft/you"
    assert opened.form.named("contact_name")[0].value == body["answers"]["contact_name"]
    while opened.path != "/draft/more":
        opened = press(phone, typed.fill(phone, opened, body["answers"]))
    assert typed.send(phone, typed.ready(phone, body)).path == "/sent"
    (proposal,) = rows(intake, Proposal)
    assert proposal.reference == draft.reference
    later = intake.test_client()
    opened = press(later, get(later, link_in(mail)), ("go", "open"))
    assert opened.path.startswith("/status/")

    with intake.app_context(), db.begin() as session:
        session.execute(update(Proposal).values(submitted_at=now() - timedelta(days=31)))
    late = get(intake.test_client(), link_in(mail))
    assert late.status == 404, "no longer than the link in the receipt"


def test_a_link_to_a_draft_is_mailed_to_an_address_only(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    stopped = press(client, typed.begin(client, "partner"), ("go", "later"))
    stopped.form.named("email")[0].value = "a@b.org,c@d.org"
    refused = press(client, stopped, ("go", "mail"))
    assert (refused.status, refused.text("title")[:6]) == (422, "Error:")
    assert refused.form.named("email")[0].value == "a@b.org,c@d.org"
    assert count(apps["intake"], LinkToken) == 0
