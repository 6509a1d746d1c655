"""How a case moves: each step, who may take it, and what the proposer hears of it."""

import pytest
from flask import Flask

from services.review.lifecycle import assignment, transitions
from services.review.lifecycle.actions import TRANSITIONS, CaseAction, NotAllowed, NotPossible
from services.review.models import Audit, Case, Staff
from services.review.models.people import ROLES
from shared import db
from tests.apps import on_sqlite
from tests.factories import contents, rows
from tests.review.office import case_of, do, hire, member, published, received, signed_in, visit

STATES = ("triage", "decision_draft", "accepted", "deferred", "declined", "withdrawn",
          "quarantined", "erased")  # fmt: skip


def test_assigning_a_case_publishes_the_name_of_the_owner(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review, "triage", name="Renee Castellano")
    taken = do(client, case, "take")
    assert (taken.status, taken.response.headers["Location"]) == (303, f"/cases/{case}?done=take")
    case_row = case_of(review, case)
    assert (case_row.state, case_row.public_label) == ("triage", "being_read")
    last_event = published(review)[-1]
    assert last_event["public_label"] == "being_read"
    assert last_event["contact"] == {
        "name": "Renee Castellano",
        "email": "elearning@lakeside.example",
    }
    assert last_event["first_reply_at"] is not None
    assert last_event["outcome"] is None and last_event["letter"] is None
    page = visit(client, f"/cases/{case}", done="take")
    assert "You are the owner now" in page.text()
    assert "Renee Castellano" in page.text("aside")


def test_the_intake_service_shows_the_name(apps: dict[str, Flask]):
    from services.intake.models import CaseView
    from tests.fakes import carry
    from tests.review.office import submitted

    case = submitted(apps)
    do(signed_in(apps["review"], "triage", name="Renee Castellano"), case, "take")
    carry(apps)
    (view,) = rows(apps["intake"], CaseView)
    assert view.public_label == "being_read"
    assert view.state["contact"]["name"] == "Renee Castellano"


def test_an_assigned_case_cannot_be_assigned_to_oneself(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    do(signed_in(review, "triage"), case, "take")
    with review.app_context(), db.begin() as session, pytest.raises(NotPossible, match="Triage"):
        other = session.merge(member(review, hire(review, "lead")))
        assignment.assign_to_self(
            session, session.get_one(Case, case_of(review, case).id), by=other
        )


def test_a_case_is_reassigned_with_a_note_and_unassigned(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    first = signed_in(review, "triage")
    colleague = member(review, hire(review, "assessor", name="Tomás Rey"))
    do(first, case, "take")
    handed = do(first, case, "hand-over", to=str(colleague.id), reason="You know steel.")
    assert handed.status == 303
    assert published(review)[-1]["contact"]["name"] == "Tomás Rey"
    assert "to Tomás Rey: You know steel." in visit(first, f"/cases/{case}").text()

    do(signed_in(review, "assessor", name="Tomás Rey"), case, "give-back")
    case_row = case_of(review, case)
    assert (case_row.owner_id, case_row.public_label) == (None, "being_read")
    assert published(review)[-1]["contact"]["name"] == "Renata Kowalczyk"


@pytest.mark.parametrize("whom", ["auditor", "disabled", "regional", "proposer", "nobody"])
@on_sqlite
def test_a_case_is_reassigned_only_to_a_possible_owner(apps: dict[str, Flask], whom: str):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review, "lead")
    people = {
        "auditor": {"role": "auditor"},
        "disabled": {"role": "triage", "name": "Gone Person"},
        "regional": {"role": "triage", "name": "Other Office", "office": "regional"},
        "proposer": {"role": "triage", "name": "Ray Okafor"},
    }
    to = "00000000000040008000000000000000"
    if whom in people:
        found = member(review, hire(review, **people[whom]))
        to = str(found.id)
        with review.app_context(), db.begin() as session:
            changed = session.get_one(Staff, found.id)
            changed.active = whom != "disabled"
            if whom == "proposer":
                changed.email = case_of(review, case).people[0]["address"]
    answer = do(client, case, "hand-over", to=to)
    assert answer.status == (422 if whom == "nobody" else 409)
    assert case_of(review, case).owner_id is None


@pytest.mark.parametrize("action", TRANSITIONS)
@on_sqlite
def test_a_transition_outside_the_table_is_refused_and_changes_nothing(
    apps: dict[str, Flask], action: CaseAction
):
    review = apps["review"]
    (reference,) = received(review)
    email = hire(review, "director")
    step = TRANSITIONS[action]
    for state in STATES:
        with review.app_context(), db.begin() as session:
            session.get_one(Case, case_of(review, reference).id).state = state
        before = contents(review)
        with review.app_context(), db.begin() as session:
            by = session.merge(member(review, email)) if step.roles else None
            case = session.get_one(Case, case_of(review, reference).id)
            if state in step.sources:
                transitions.apply(session, case, action, by=by)
                assert case.state == (step.target or state)
                continue
            with pytest.raises(NotPossible):
                transitions.apply(session, case, action, by=by)
        assert contents(review) == before, state


@pytest.mark.parametrize("role", [*ROLES, None])
@on_sqlite
def test_a_transition_is_allowed_only_to_its_roles(apps: dict[str, Flask], role: str | None):
    review = apps["review"]
    (reference,) = received(review)
    with review.app_context():
        for action, step in TRANSITIONS.items():
            with db.begin() as session:
                by = session.merge(member(review, hire(review, role))) if role else None
                case = session.get_one(Case, case_of(review, reference).id)
                case.state, case.owner = min(step.sources), by
                allowed = role in step.roles if role else not step.roles
                if allowed:
                    transitions.apply(session, case, action, by=by)
                else:
                    with pytest.raises(NotAllowed):
                        transitions.apply(session, case, action, by=by)


@on_sqlite
def test_a_colleague_listed_on_a_proposal_cannot_act_on_its_case(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review, "director")
    with review.app_context(), db.begin() as session:
        me = session.merge(member(review, hire(review, "director")))
        me.email = case_of(review, case).people[0]["address"].casefold()
    page = visit(client, f"/cases/{case}")
    assert [form.action for form in page.forms] == ["/sign-out"]
    assert visit(client, f"/cases/{case}/decision").status == 409


def test_every_action_is_recorded_with_person_time_and_states(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review, "director")
    do(client, case, "take")
    do(client, case, "decision", kind="accept")
    do(client, case, "letter/release")
    acts = [row for row in rows(review, Audit) if row.action != "looked"]
    me = member(review, hire(review, "director")).id
    assert [(row.action, row.from_state, row.to_state, row.staff_id) for row in acts] == [
        ("received", None, "triage", None),
        ("take", "triage", "triage", me),
        ("draft", "triage", "decision_draft", me),
        ("send", "decision_draft", "decision_draft", me),
        ("accept", "decision_draft", "accepted", me),
    ]
    assert [row.revision for row in acts] == [1, 2, 3, 4, 5]
