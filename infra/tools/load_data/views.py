"""Intake's rows of a case: the proposal as submitted, and the view that review published."""

from typing import Any

from infra.tools.load_data.lives import PUBLISHED, Life, Office

Row = dict[str, Any]
INTAKE_STATE = {"withdrawn": "withdrawn", "quarantined": "quarantined"}


def proposal(case: Row, life: Life) -> Row:
    """The proposal with the promises of the day of arrival."""
    same = ("reference", "branch", "language", "profile_version", "title", "answers",
            "first_reply_by", "meeting_by", "decision_by", "submitted_at")  # fmt: skip
    withdrawn = case["state"] == "withdrawn"
    return {
        **{name: case[name] for name in same},
        **life.first_promises,
        "id": case["proposal_id"],
        "version": case["proposal_version"],
        "state": INTAKE_STATE.get(case["state"], "submitted"),
        "changed_at": case["changed_at"] if withdrawn else case["submitted_at"],
    }


def view(office: Office, life: Life, case: Row, letters: list[Row]) -> Row:
    """The last `case.changed.v1`, in JSON types."""
    named = office.profile.office(case["office"])
    released = [(one, row) for one, row in zip(life.decisions, letters, strict=True)
                if one.released_by and one.released_at]  # fmt: skip
    letter = None
    if released:
        one, row = released[-1]
        letter = {"subject": row["subject"], "text": row["text"],
                  "signed_by": one.released_by.name, "released_at": one.released_at.isoformat()}  # type: ignore[union-attr]  # fmt: skip
    published_at = [done.at for done in life.actions if done.action in PUBLISHED]
    state = {
        "version": case["version"],
        "case_id": str(case["id"]),
        "proposal_id": str(case["proposal_id"]),
        "public_label": life.label,
        "office": named["label"],
        "contact": {"name": life.owner.name if life.owner else named["contact"]["name"],
                    "email": named["contact"]["email"]},
        "promises": {name: day.isoformat() for name, day in life.promises.items()},
        "reopened": [],
        "meeting": None,
        "route_steps": [],
        "outcome": life.outcome,
        "letter": letter,
        "first_reply_at": life.first_reply_at.isoformat() if life.first_reply_at else None,
        "on_hold_until": life.deferred_until.isoformat() if life.deferred_until else None,
        "changed_at": published_at[-1].isoformat(),
    }  # fmt: skip
    return {"case_id": case["id"], "proposal_id": case["proposal_id"], "state": state,
            "version": case["version"], "public_label": life.label}  # fmt: skip
