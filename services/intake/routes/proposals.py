"""The API: send a proposal, and read what the form asks."""

from typing import Any

from flask import Blueprint, Response
from marshmallow import ValidationError

from services.intake.proposals import idempotency, submission
from services.intake.proposals.submission import Submission
from services.intake.routes import rate_limits
from shared import crash, db, links, references, strict_json
from shared.profile import Profile, versions
from shared.profile.answers import json_schema, validation
from shared.tables import now
from shared.web import json_body
from shared.web.problems import Problem

bp = Blueprint("proposals", __name__, url_prefix="/api/v1")

KEY_REUSED = "This Idempotency-Key was used with another body. Use a new key for a new proposal."


@bp.post("/proposals")
def send() -> Response:
    """Take one proposal: 201 with reference and status_url, after it is committed.

    The same key and body get the same answer again. Nothing is stored on a refusal.
    """
    body = json_body.read()
    key = json_body.idempotency_key()
    with db.read() as session:
        profile = _profile(session)
    try:
        sending = _checked(body, profile)
        answer, again = _store(key, body, sending, profile)
    except (Problem, _SecondWithKey):
        with db.read() as session:  # what was taken once is never refused later
            before = _recall(session, key, body)
        if before is None:
            raise
        answer, again = before, True
    if not again:
        crash.point("intake.after_commit")
    return _answer(answer, again=again)


class _SecondWithKey(Exception):
    """Somebody with the same key was first; this transaction must not commit."""


def _store(
    key: str, body: dict[str, Any], sending: Submission, profile: Profile
) -> tuple[bytes, bool]:
    """The answer, and whether it was given before."""
    with db.begin() as session:
        before = _recall(session, key, body)
        if before is not None:
            return before, True
        receipt = rate_limits.check_send(session, profile, sending.answers)
        sending = sending._replace(receipt=receipt)
        proposal = submission.store(session, sending, profile=profile, at=now())
        answer = strict_json.dumps(
            {
                "reference": references.display(proposal.reference),
                "status_url": links.status(proposal.reference),
                "first_reply_by": proposal.first_reply_by.isoformat(),
                "meeting_by": proposal.meeting_by.isoformat(),
                "decision_by": proposal.decision_by.isoformat(),
            }
        )
        if not idempotency.store(session, key=key, body=body, answer=answer):
            raise _SecondWithKey
        crash.point("intake.before_commit")
    return answer, False


@bp.get("/forms/interest")
def form() -> Response:
    """The body that POST /proposals takes, as JSON Schema 2020-12."""
    with db.read() as session:
        profile = _profile(session)
    schema = strict_json.dumps(json_schema.json_schema(profile))
    return Response(schema, mimetype="application/schema+json")


def _profile(session: Any) -> Profile:
    try:
        return versions.in_force(session)
    except versions.NoProfile as error:
        detail = "The form is being set up. Please try again in a few minutes."
        raise Problem(503, "no_form", detail, headers={"Retry-After": "60"}) from error


def _recall(session: Any, key: str, body: dict[str, Any]) -> bytes | None:
    try:
        return idempotency.stored_response(session, key=key, body=body)
    except idempotency.KeyReused as error:
        raise Problem(409, "key_reused", KEY_REUSED) from error


def _checked(body: dict[str, Any], profile: Profile) -> Submission:
    """The sending in a body; raises Problem 422 with a pointer for each field."""
    found = _envelope_problems(body, profile)
    clean: dict[str, Any] = {}
    if "answers" in body:
        try:
            clean = validation.load(profile, body["answers"])
        except ValidationError as error:
            found += [
                {**problem, "pointer": f"/answers{problem['pointer']}"}
                for problem in validation.problems(error)
            ]
    if found:
        detail = "Nothing was saved. Each entry of errors says where and what to do."
        raise Problem(422, "answers", detail, errors=found[: validation.MAX_PROBLEMS])
    return Submission(form=body["form"], language=body["language"], answers=clean)


def _envelope_problems(body: dict[str, Any], profile: Profile) -> list[dict[str, str]]:
    offered = {"form": [profile.body["form"]], "language": profile.languages, "answers": None}
    found = []
    for key, values in offered.items():
        if key not in body:
            found.append({"pointer": f"/{key}", "code": "required", "message": "Add this."})
        elif values is not None and body[key] not in values:
            message = f"Use one of: {', '.join(values)}."
            found.append({"pointer": f"/{key}", "code": "choice", "message": message})
    unknown = sorted(body.keys() - offered.keys())[: validation.MAX_PROBLEMS]
    for key in unknown:
        found.append({"pointer": _pointer(key), "code": "unknown", "message": "Leave this out."})
    return found


def _pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")[:100]


def _answer(body: bytes, *, again: bool = False) -> Response:
    response = Response(body, status=201, mimetype="application/json")
    if again:
        response.headers["Idempotent-Replayed"] = "true"
    return response
