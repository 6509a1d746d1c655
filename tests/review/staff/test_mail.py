"""Which of our own people hear of what: a letter that waits for release."""

from flask import Flask

from services.notify.models import Mail
from tests.factories import rows
from tests.fakes import carry
from tests.review.mails import recipients, requested_mails
from tests.review.office import (
    case_of,
    change_staff,
    do,
    hire,
    received,
    signed_in,
    submitted,
)


def test_those_who_may_release_a_letter_get_one_mail_about_it(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    clerk = signed_in(review, "triage", name="Tara Lindqvist")
    here = hire(review, "lead", name="Lena Ortiz", office=case_of(review, case).office)
    above = hire(review, "director", name="Helen Brook")
    hire(review, "lead", name="Elsewhere Person", office="regional")
    hire(review, "assessor")
    do(clerk, case, "decision", kind="decline", reason="out_of_mission")
    do(clerk, case, "letter", subject="Our answer", text="Changed by the clerk.")
    assert recipients(review, "decision_waiting") == sorted([here, above])
    mail_variables = requested_mails(review, "decision_waiting")[0]["variables"]
    assert (mail_variables["by"], mail_variables["decision"]) == ("Tara Lindqvist", "Decline")
    assert mail_variables["case_url"].endswith(f"/cases/{case}")


def test_a_replacing_draft_is_mailed_again(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    hire(review, "director")
    clerk = signed_in(review, "triage")
    do(clerk, case, "decision", kind="decline", reason="out_of_mission")
    do(clerk, case, "decision", kind="accept")
    proposed = [
        mail["variables"]["decision"] for mail in requested_mails(review, "decision_waiting")
    ]
    assert proposed == ["Decline", "Accept"]


def test_a_director_gets_no_mail_about_their_own_draft(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    lead = hire(review, "lead")
    do(signed_in(review, "director"), case, "decision", kind="accept")
    assert recipients(review, "decision_waiting") == [lead]


def test_without_another_releaser_the_office_mailbox_gets_the_mail(apps: dict[str, Flask]):
    review = apps["review"]
    case = submitted(apps)
    gone = hire(review, "lead")
    change_staff(review, gone, active=False)
    do(signed_in(review, "triage"), case, "decision", kind="accept")
    carry(apps, times=2)
    (mail,) = rows(apps["notify"], Mail, Mail.kind == "decision_waiting")
    assert mail.recipient == "elearning@lakeside.example"
    assert mail.state == "queued" and b"ready for you to review and send" in mail.rendered
