"""Each of us chooses on her account page which mail comes at once, in the morning or not at all."""

import pytest
from flask import Flask

from tests.apps import on_sqlite
from tests.review.mails import with_preferences
from tests.review.office import member, press, signed_in, visit


def test_what_somebody_chose_is_shown_again_and_can_be_taken_back(apps: dict[str, Flask]):
    review = apps["review"]
    client = with_preferences(
        review, "lead", name="Lena Ortiz", assigned="morning", staff_digest="never"
    )
    page = visit(client, "/account", changed="mail")
    assert "Your notification settings are saved." in page.text()
    (form,) = [form for form in page.forms if form.action == "/account/mail"]
    chosen = dict(form.data())
    assert (chosen["assigned"], chosen["mail_failed"], chosen["staff_digest"]) == (
        "morning", "at_once", "never"
    )  # fmt: skip
    back = press(client, page, "/account/mail", assigned="at_once")
    assert back.status == 303
    lena = member(review, "lena.ortiz@office.example")
    assert (lena.mail_wishes, lena.wants_digest) == ({}, False)


@on_sqlite
@pytest.mark.parametrize(
    ("role", "choices"),
    [("admin", None), ("auditor", {"staff_digest"}), ("triage", {"assigned", "staff_digest"})],
)
def test_each_person_chooses_among_the_mails_they_may_get(
    apps: dict[str, Flask], role: str, choices: set[str] | None
):
    page = visit(signed_in(apps["review"], role), "/account")
    results = [dict(form.data()) for form in page.forms if form.action == "/account/mail"]
    assert bool(results) == bool(choices)
    for form in results:
        assert choices <= set(form) and "decision_waiting" not in form
        assert ("assigned" in form) == ("assigned" in choices)


@on_sqlite
@pytest.mark.parametrize(
    "typed", [{"assigned": "never"}, {"assigned": ""}, {"staff_digest": "morning"}]
)
def test_what_is_not_offered_is_refused_and_changes_nothing(
    apps: dict[str, Flask], typed: dict[str, str]
):
    review = apps["review"]
    client = with_preferences(review, "triage", name="Tara Lindqvist", promise_near="morning")
    answer = press(client, visit(client, "/account"), "/account/mail", **typed)
    assert answer.status == 422
    assert member(review, "tara.lindqvist@office.example").mail_wishes == {
        "promise_near": "morning"
    }
