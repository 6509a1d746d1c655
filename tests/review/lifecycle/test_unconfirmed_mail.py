"""A mail in doubt: whoever finds out what became of it says so on the page of the case."""

from datetime import timedelta
from uuid import uuid4

from flask import Flask

from services.review.models import Audit, MailStatus
from shared.tables import now
from tests.apps import on_sqlite
from tests.factories import an_event, rows, sample
from tests.fakes import take
from tests.review.office import case_of, post, published, received, signed_in, submitted, visit


def in_doubt(review: Flask, case: str, *, kind: str = "decision", hours: int = 0) -> str:
    """A mail of this case of which nobody knows what became for so many hours; its id."""
    mail_id, version = uuid4(), 2
    about = {"mail_id": mail_id, "proposal_id": case_of(review, case).proposal_id, "kind": kind}
    about["changed_at"] = (now() - timedelta(hours=hours)).isoformat()
    take(review, an_event("mail.changed.v1", **about, state="in_doubt", version=version))
    return str(mail_id)


def settle_mail(client, case: str, mail_id: str, answer: str, **values: str):
    page = visit(client, f"/cases/{case}")
    path = f"/cases/{case}/mails/{mail_id}/settle"
    (form,) = [form for form in page.forms if form.action == path]
    return post(client, path, **{**dict(form.data()), "answer": answer, **values})


def test_the_settled_outcome_goes_to_notify_and_into_the_activity(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    mail_id = in_doubt(review, case)
    client = signed_in(review, "triage", name="Tara Lindqvist")
    answer = settle_mail(client, case, mail_id, "arrived")
    assert answer.status == 303
    (event,) = published(review, "mail.settled.v1")
    assert (event["mail_id"], event["version"], event["answer"]) == (mail_id, 2, "arrived")
    assert event["reason"] == "Tara Lindqvist marked it as delivered."
    assert [row.reason for row in rows(review, Audit, Audit.action == "settle")] == [
        "marked it as delivered"
    ]
    assert "Email marked as delivered." in visit(client, answer.response.headers["Location"]).text()


def test_a_receipt_that_was_not_sent_again_within_an_hour_waits_for_a_person(
    apps: dict[str, Flask],
):
    review = apps["review"]
    (case,) = received(review)
    mail_id = in_doubt(review, case, kind="receipt", hours=2)
    answer = settle_mail(signed_in(review, "triage"), case, mail_id, "arrived")
    assert answer.status == 303
    assert [event["mail_id"] for event in published(review, "mail.settled.v1")] == [mail_id]


def test_only_a_mail_that_waits_for_a_person_can_be_settled(apps: dict[str, Flask]):
    review = apps["review"]
    (case, other) = received(review, 2)
    resent, elsewhere = in_doubt(review, case, kind="receipt"), in_doubt(review, other)
    mail_id = in_doubt(review, case)
    client = signed_in(review, "triage")
    page = visit(client, f"/cases/{case}")
    assert "We’ll resend automatically." in page.text()
    assert [form.action for form in page.forms if form.action.endswith("/settle")] == [
        f"/cases/{case}/mails/{mail_id}/settle"
    ]
    typed = {"csrf_token": page.forms[0].named("csrf_token")[0].value, "answer": "again",
             "revision": str(case_of(review, case).revision), "version": "2"}  # fmt: skip
    for unfit in (resent, elsewhere, str(uuid4()), "x"):
        assert post(client, f"/cases/{case}/mails/{unfit}/settle", **typed).status == 409
    typed["answer"] = "perhaps"
    assert post(client, f"/cases/{case}/mails/{mail_id}/settle", **typed).status == 422
    assert published(review, "mail.settled.v1") == []


def test_an_answer_to_an_older_doubt_is_refused(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    mail_id = in_doubt(review, case)
    client = signed_in(review, "triage")
    assert settle_mail(client, case, mail_id, "again", version="1").status == 409
    assert published(review, "mail.settled.v1") == []


def test_a_reader_sees_the_unconfirmed_mail_without_buttons(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    in_doubt(review, case)
    page = visit(signed_in(review, "auditor"), f"/cases/{case}")
    assert "Unconfirmed" in page.text()
    assert not [form for form in page.forms if form.action.endswith("/settle")]
    assert [row.state for row in rows(review, MailStatus)] == ["in_doubt"]


def test_the_whole_office_sees_that_mail_is_in_trial_mode_or_stopped(apps: dict[str, Flask]):
    review = apps["review"]
    client = signed_in(review, "triage")
    assert "Trial mode" not in visit(client, "/").html
    review.config["MAIL_ONLY_TO"] = "lakeside.example"
    assert "Trial mode: mail goes only to lakeside.example." in visit(client, "/").html
    review.config["MAIL_STOPPED"] = "yes"
    assert "All mail is stopped." in visit(client, "/account").html
    assert "All mail is stopped." not in visit(review.test_client(), "/sign-in").html


def test_the_case_says_to_call_where_a_mail_did_not_reach_the_proposer(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    about = {"mail_id": uuid4(), "proposal_id": case_of(review, case).proposal_id}
    take(review, an_event("mail.changed.v1", **about, kind="receipt", state="bounced", version=3))
    client = signed_in(review, "triage")
    page = visit(client, f"/cases/{case}")
    assert "Not delivered. No phone number on file." in page.text()


@on_sqlite
def test_the_advice_to_call_names_the_phone_to_those_who_may_read_it(apps: dict[str, Flask]):
    review = apps["review"]
    case = submitted(apps, **sample("partner-sterile-processing")["answers"])
    about = {"mail_id": uuid4(), "proposal_id": case_of(review, case).proposal_id}
    take(review, an_event("mail.changed.v1", **about, kind="receipt", state="bounced", version=3))
    page = visit(signed_in(review, "triage"), f"/cases/{case}").text()
    assert "Not delivered. Call the proposer at +1 513 555 0142." in page
    assert "555 0142" not in visit(signed_in(review, "assessor"), f"/cases/{case}").text()
