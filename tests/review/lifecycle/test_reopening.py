"""What happens to a case after its decision: it wakes up, is opened again, or is taken back."""

from datetime import date, timedelta

from flask import Flask

from services.review import timers
from services.review.models import Case
from shared import calendar, db
from shared.profile import Profile
from shared.tables import now
from tests.apps import EXAMPLE
from tests.factories import an_event, count
from tests.fakes import take
from tests.review.office import CHANGED, case_of, do, published, received, signed_in, visit

STATES = ("triage", "decision_draft", "accepted", "deferred", "declined", "withdrawn",
          "quarantined", "erased")  # fmt: skip


def test_a_case_on_hold_reopens_on_its_day_with_new_dates(apps: dict[str, Flask]):
    review = apps["review"]
    (reference,) = received(review)
    today = calendar.local_day(Profile.of(EXAMPLE), now())
    with review.app_context():
        with db.begin() as session:
            case = session.get_one(Case, case_of(review, reference).id)
            case.state, case.outcome = "deferred", "deferred"
            case.deferred_until = today + timedelta(days=1)
        assert timers.reopening_turn() == 0
        with db.begin() as session:
            session.get_one(Case, case_of(review, reference).id).deferred_until = today
        assert timers.reopening_turn() == 1
        assert timers.reopening_turn() == 0
    case = case_of(review, reference)
    assert (case.state, case.outcome, case.deferred_until) == ("triage", None, None)
    assert case.meeting_by > today
    last_event = published(review)[-1]
    assert (last_event["outcome"], date.fromisoformat(last_event["promises"]["meeting_by"])) == (
        None,
        case.meeting_by,
    )


def test_a_declined_case_is_opened_again_by_a_lead_with_a_reason(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    with review.app_context(), db.begin() as session:
        case_row = session.get_one(Case, case_of(review, case).id)
        case_row.state, case_row.outcome, case_row.public_label = "declined", "declined", "not_now"
    lead = signed_in(review, "lead")
    assert do(lead, case, "reopen", reason="  ").status == 422
    assert do(lead, case, "reopen", reason="They found a partner.").status == 303
    case_row = case_of(review, case)
    assert (case_row.state, case_row.outcome) == ("triage", None)
    assert "They found a partner." in visit(lead, f"/cases/{case}").text()


def test_a_withdrawn_case_loses_its_draft_and_accepts_only_words(apps: dict[str, Flask]):
    from services.review.models import Letter

    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review, "director")
    do(client, case, "decision", kind="accept")
    case_row = case_of(review, case)
    take(review, an_event(CHANGED, proposal_id=case_row.proposal_id, reference=case_row.reference,
                          version=9, state="withdrawn"))  # fmt: skip
    assert count(review, Letter) == 0
    page = visit(client, f"/cases/{case}")
    assert "Withdrawn by the proposer" in page.text()
    acts = [form.action for form in page.forms]
    assert acts == ["/sign-out", f"/cases/{case}/write", f"/cases/{case}/note"]


def test_an_amendment_does_not_reset_the_new_dates(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    later = date(2027, 3, 1)
    with review.app_context(), db.begin() as session:
        session.get_one(Case, case_of(review, case).id).meeting_by = later
    case_row = case_of(review, case)
    take(review, an_event(CHANGED, proposal_id=case_row.proposal_id, reference=case_row.reference,
                          version=9, state="amended"))  # fmt: skip
    assert case_of(review, case).meeting_by == later
