"""Who gets which mail: a good case is played and its mails are counted; mails that could come in
series are one mail; no one gets a mail without news.
"""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from services.notify.models import Mail
from services.review import departures
from services.review.decisions import letters
from services.review.decisions.letters import Decision
from services.review.lifecycle import assignment
from services.review.models import Case, CaseFlag
from services.review.models.states import LetterKind
from shared import db
from shared.mails.kinds import KINDS, TO_PROPOSERS
from tests.apps import on_sqlite
from tests.factories import an_event, rows, sample, send_proposal
from tests.fakes import carry, take
from tests.notify.mailing import announced
from tests.review.office import case_of, do, hire, let_leave, member, signed_in, visit

SAMPLE = "partner-sterile-processing"
GOOD_CASE = [kind for kind, entry in TO_PROPOSERS.items() if not entry.not_in_good_case]
MOST_TO_A_PROPOSER = 8  # between submission and approval


def received(apps: dict[str, Flask]) -> str:
    reference = send_proposal(apps["intake"], **sample(SAMPLE)["answers"])
    carry(apps)
    return reference


def kinds(app: Flask, recipient: str = "") -> list[str]:
    """The kinds of mail that notify has, in order; to one mailbox or to all."""
    stored = sorted(rows(app, Mail), key=lambda mail: mail.created_at)
    return [mail.kind for mail in stored if recipient in mail.recipient]


def write(client: Any, case: str, text: str) -> None:
    assert do(client, case, "write", text=text).status == 303


def test_a_good_case_sends_its_proposer_the_mails_of_the_table_and_few(apps: dict[str, Flask]):
    review, notify = apps["review"], apps["notify"]
    case = received(apps)
    proposer = case_of(review, case).people[0]["address"]
    clerk, lead = signed_in(review, "triage", name="Tara Lindqvist"), signed_in(review, "lead")
    assert do(clerk, case, "take").status == 303
    carry(apps, times=2)
    review.config["SEND_DELAY"] = "600"
    write(clerk, case, "When could you talk?")
    write(clerk, case, "Mornings are best for us.")
    let_leave(review)
    carry(apps, times=2)
    assert do(clerk, case, "decision", kind="accept").status == 303
    assert do(lead, case, "letter/release").status == 303
    let_leave(review)
    carry(apps, times=2)
    playable = [kind for kind in GOOD_CASE if not KINDS[kind].awaits]
    assert kinds(notify, proposer) == playable


def test_a_whole_good_case_sends_few_mails_and_every_other_kind_says_why_it_sends_none():
    assert {"receipt", "decision", "approved"} <= set(GOOD_CASE)
    assert len(GOOD_CASE) <= MOST_TO_A_PROPOSER
    others = [entry for kind, entry in KINDS.items() if kind not in TO_PROPOSERS]
    assert not any(entry.not_in_good_case for entry in others)


def test_the_new_owner_learns_who_assigned_the_case_and_why(apps: dict[str, Flask]):
    review, notify = apps["review"], apps["notify"]
    case = received(apps)
    clerk = signed_in(review, "triage", name="Tara Lindqvist")
    signed_in(review, "lead", name="Lena Ortiz")
    (form,) = [f for f in visit(clerk, f"/cases/{case}").forms if f.action.endswith("/hand-over")]
    to = next(value for value in form.named("to")[0].options if value)
    assert do(clerk, case, "hand-over", to=to, reason="She prefers calls.").status == 303
    carry(apps, times=2)
    assert kinds(notify, "office.example")[-1] == "assigned"
    assert "looked_after" in kinds(notify, case_of(review, case).people[0]["address"])


@on_sqlite
@pytest.mark.parametrize("state, warned", [("failed", 1), ("bounced", 1), ("deferred", 0)])
def test_the_owner_gets_a_mail_about_an_undelivered_mail(
    apps: dict[str, Flask], state: str, warned: int
):
    review, notify = apps["review"], apps["notify"]
    case = received(apps)
    about = {"mail_id": uuid4(), "proposal_id": case_of(review, case).proposal_id}
    for version in (5, 5, 6):
        event = an_event("mail.changed.v1", **about, kind="receipt", state=state, version=version,
                         reason="5.1.1 nobody here")  # fmt: skip
        take(review, event)
    carry(apps)
    assert kinds(notify).count("mail_failed") == warned


@on_sqlite
def test_a_mail_that_trial_mode_keeps_back_warns_nobody_and_raises_no_flag(apps: dict[str, Flask]):
    review, notify = apps["review"], apps["notify"]
    notify.config["MAIL_ONLY_TO"] = "office.example"
    case = received(apps)
    carry(apps, times=2)
    entries = [data for data in announced(notify) if data["state"] == "failed"]
    assert entries and all(data["kept_back"] for data in entries)
    assert "mail_failed" not in kinds(notify)
    assert [row.flag for row in rows(review, CaseFlag) if row.flag == "mail_failed"] == []
    page = visit(signed_in(review, "triage"), f"/cases/{case}").text()
    assert "Not sent (trial mode)" in page
    assert "Trial mode: mail goes only to office.example." in page


@on_sqlite
def test_a_warning_that_does_not_arrive_warns_nobody(apps: dict[str, Flask]):
    review, notify = apps["review"], apps["notify"]
    case = received(apps)
    about: dict[str, Any] = {"mail_id": uuid4()}
    about |= {"proposal_id": case_of(review, case).proposal_id}
    about |= {"kind": "mail_failed", "state": "failed"}
    take(review, an_event("mail.changed.v1", **about, version=2))
    carry(apps)
    assert "mail_failed" not in kinds(notify)


def test_a_case_decided_at_once_announces_no_contact_who_writes_later(apps: dict[str, Flask]):
    review, notify = apps["review"], apps["notify"]
    case = received(apps)
    proposer = case_of(review, case).people[0]["address"]
    with review.app_context(), db.begin() as session:
        by = session.merge(member(review, hire(review, "lead", name="Tara Lindqvist")))
        row = session.get_one(Case, case_of(review, case).id)
        assignment.assign_to_self(session, row, by=by)
        letters.draft(session, row, by=by, decision=Decision(kind=LetterKind.ACCEPT))
        letters.send(session, row, by=by)
        departures.leave_due(session, row)
    carry(apps, times=2)
    assert kinds(notify, proposer) == ["receipt", "decision"]
