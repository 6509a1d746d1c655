"""What a stranger can mail to other people: nothing that they typed, and not often."""

from collections.abc import Mapping
from uuid import uuid4

import pytest
from flask import Flask

from services.intake import timers
from services.intake.models import Draft, Proposal
from shared import profile
from shared.mails.kinds import TO_PROPOSERS
from shared.profile.text import render
from shared.tables import now
from tests.alike.sources import ROOT
from tests.factories import an_event, count, sample, send_proposal
from tests.fakes import take
from tests.intake import form_filling as typed
from tests.intake.browsing import get, press
from tests.intake.mailed_links import HALF, RAY, link_in, mailed, request_link
from tests.notify.sample_variables import variables
from tests.review.mails import requested_mails
from tests.review.office import hire
from tests.trouble.mail.delivering import only, review_reports

BAIT = "WIN A PRIZE at evil.example"
EVERY = ("receipt", "looked_after", "post_from_office", "decision", "sign_in_link", "draft_saved")


def baited(intake: Flask) -> None:
    """Somebody sends an idea, and saves a draft, in the name of Ray."""
    send_proposal(intake, working_title=BAIT, contact_name=BAIT, need=BAIT)
    client = intake.test_client()
    body = sample(HALF)
    body["answers"] |= {"working_title": BAIT, "contact_name": BAIT}
    page = typed.fill(client, typed.begin(client, "partner"), body["answers"])
    press(client, press(client, page, ("go", "later")), ("go", "mail"))


def the_office_works(intake: Flask) -> None:
    proposal = only(intake, Proposal)
    owner = {"name": "Lena Ortiz", "email": "lena@lakeside.example"}
    case = {"public_label": "being_read", "contact": owner}
    review_reports(intake, proposal, version=1, letter=None, **case)
    said = {"post_id": uuid4(), "side": "office", "author": "Renata Kowalczyk"}
    take(intake, an_event("post.added.v1", proposal_id=proposal.id, **said))
    review_reports(intake, proposal, version=2)


def test_no_mail_to_a_mailbox_that_nobody_verified_holds_what_was_typed(apps: dict[str, Flask]):
    intake = apps["intake"]
    baited(intake)
    the_office_works(intake)
    request_link(intake.test_client(), RAY)
    seen = {kind: mailed(intake, kind) for kind in EVERY}
    assert all(seen.values()), {kind: len(mails) for kind, mails in seen.items()}
    for kind, mails in seen.items():
        for mail in mails:
            assert "evil.example" not in str(mail), kind
            assert mail["to_name"] == ""


def test_the_owner_of_a_mailbox_gets_title_name_and_copy_after_the_first_link(
    apps: dict[str, Flask],
):
    intake = apps["intake"]
    send_proposal(intake, working_title="Reading shop drawings", copy_to_me=True)
    (receipt,) = mailed(intake, "receipt")
    assert receipt["variables"]["copy_waits"] == "yes"
    assert mailed(intake, "answers_copy") == []
    for _ in range(2):
        client = intake.test_client()
        press(client, get(client, link_in(receipt)), ("go", "open"))
    (copy,) = mailed(intake, "answers_copy")
    assert copy["variables"]["title"] == "Reading shop drawings"
    assert "Reading shop drawings" in copy["variables"]["answers"]
    assert get(intake.test_client(), link_in(copy)).status == 200
    send_proposal(intake, working_title="Reading shop drawings", copy_to_me=True)
    later = mailed(intake, "receipt")[-1]["variables"]
    assert later["title"] == "Reading shop drawings" and later["answers"]
    assert not later.get("copy_waits")


@pytest.mark.parametrize("name", ["example", "partner-first", "governance-first"])
def test_each_mail_reads_well_without_title_and_name(name: str):
    body = profile.read(ROOT / "profiles" / name)
    for kind in TO_PROPOSERS:
        for language, mail in body["mails"][kind].items():
            values = variables(kind) | {"title": "", "name": ""}
            text = render(mail["text"], values).strip()
            for broken in ("“”", "«»", "  ", " ,", " .", "Dear ,", "Estimado/a :", "(,"):
                assert broken not in text, (kind, language, broken)


def mail_draft_to(intake: Flask, *addresses: str, client=None) -> list[int]:
    """The answers to asking for a link to a draft of one browser, or of a new one each time."""
    answers = []
    for address in addresses:
        browser = client or intake.test_client()
        if client is None:
            typed.begin(browser, "partner")
        page = get(browser, "/draft/saved")
        page.form.named("email")[0].value = address
        answers.append(press(browser, page, ("go", "mail")).status)
    return answers


def strangers(number: int) -> list[str]:
    return [f"victim{n}@elsewhere.example" for n in range(number)]


def test_one_browser_mails_links_to_few_strangers(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.config["MAILS_PER_HOUR"] = "4"
    client = intake.test_client()
    typed.begin(client, "partner")
    answers = mail_draft_to(intake, *strangers(6), client=client)
    assert answers == [200] * 4 + [429] * 2
    assert len(mailed(intake, "draft_saved")) == 4


def test_one_network_address_mails_links_to_few_strangers(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.config["LINKS_PER_HOUR"] = "5"
    assert mail_draft_to(intake, *strangers(8)) == [200] * 5 + [429] * 3
    assert len(mailed(intake, "draft_saved")) == 5


def test_all_visitors_together_cause_so_many_mails_and_no_more(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.config["VISITOR_MAILS_PER_HOUR"] = "3"
    assert mail_draft_to(intake, *strangers(2)) == [200] * 2
    assert typed.play(intake.test_client(), sample(HALF)).path == "/sent"
    assert mail_draft_to(intake, "victim@elsewhere.example") == [429]
    assert [request_link(intake.test_client(), who).status for who in (RAY, "x@y.edu")] == [429] * 2
    page = typed.play(intake.test_client(), sample(HALF))
    assert page.path == "/sent" and "no receipt by email" in page.text()
    assert len(mailed(intake, "draft_saved")) == 2 and len(mailed(intake, "receipt")) == 1
    assert mailed(intake, "sign_in_link") == []


def test_requests_for_nobody_leave_all_mails_to_people_who_are_known(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.config |= {"VISITOR_MAILS_PER_HOUR": "4", "MAILS_PER_HOUR": "2"}
    for number in range(6):
        assert request_link(intake.test_client(), f"nobody{number}@elsewhere.example").status == 200
    page = typed.play(intake.test_client(), sample(HALF))
    assert page.path == "/sent" and "on its way" in page.text()
    assert request_link(intake.test_client(), RAY).status == 200
    assert len(mailed(intake, "receipt")) == len(mailed(intake, "sign_in_link")) == 1


def test_a_mail_that_another_limit_refused_does_not_count_for_the_service(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.config |= {"VISITOR_MAILS_PER_HOUR": "4", "MAILS_PER_HOUR": "1"}
    client = intake.test_client()
    typed.begin(client, "partner")
    assert mail_draft_to(intake, *strangers(6), client=client) == [200] + [429] * 5
    for _ in range(3):
        send_proposal(intake)
    assert len(mailed(intake, "receipt")) == 1
    assert mail_draft_to(intake, "another@elsewhere.example") == [200]


def test_links_leave_a_quarter_of_the_mails_to_receipts(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.config["VISITOR_MAILS_PER_HOUR"] = "4"
    assert mail_draft_to(intake, *strangers(5)) == [200] * 3 + [429] * 2
    assert [request_link(intake.test_client(), who).status for who in (RAY, "x@y.edu")] == [429] * 2
    assert "on its way" in typed.play(intake.test_client(), sample(HALF)).text()
    assert "no receipt by email" in typed.play(intake.test_client(), sample(HALF)).text()
    with intake.app_context():
        assert "3 mails within an hour" in str(timers.visitors_trouble())


def test_administrators_get_a_mail_at_once_while_that_limit_is_reached(
    apps: Mapping[str, Flask],
):
    intake, review = apps["intake"], apps["review"]
    hire(review, "admin")
    intake.config["VISITOR_MAILS_PER_HOUR"] = "2"
    troubles = []
    for address in strangers(2):
        mail_draft_to(intake, address)
        with intake.app_context():
            troubles.append(timers.visitors_trouble())
    assert troubles[0] is None and "2 mails within an hour" in str(troubles[1])
    loop = {"name": "visitors_limit", "trouble": str(troubles[1])}
    report = {"service": "intake", "troubles": [loop], "mail": None, "parked": 0}
    report |= {"parked_events": [], "waiting": 0, "oldest_at": None, "put_off": 0}
    for version in (1, 2):
        state = {"version": version, "changed_at": now().isoformat()}
        take(review, an_event("service.changed.v1", **report, **state))
    (alarm,) = requested_mails(review, "alarm")
    assert (alarm["variables"]["limit"], alarm["variables"]["trouble"]) == ("yes", "")


def test_drafts_are_limited_per_network_address(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.config["DRAFTS_PER_HOUR"] = "3"
    pages = [typed.begin(intake.test_client(), "partner") for _ in range(5)]
    assert [page.status for page in pages] == [200] * 3 + [429] * 2
    assert pages[-1].response.headers["Retry-After"] == "3600"
    assert count(intake, Draft) == 3
