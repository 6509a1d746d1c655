"""The API: send a proposal, read the schema of the form."""

from typing import Any

from flask import Blueprint, Response
from marshmallow import ValidationError

from services.intake.proposals import idempotency, status, submission
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
    """Store one proposal: 201 with reference and status_url, after the commit.

    The same key and body get the same response again. A refusal stores nothing.
    """
    body = json_body.read()
    key = json_body.idempotency_key()
    with db.read() as session:
        profile = _profile(session)
    try:
        sending = _checked(body, profile)
        response, is_repeated = _store(key, body, sending, profile)
    except (Problem, _SecondWithKey):
        with db.read() as session:  # an accepted proposal is never refused later
            before = _recall(session, key, body)
        if before is None:
            raise
        response, is_repeated = before, True
    if not is_repeated:
        crash.point("intake.after_commit")
    return _response(response, is_repeated=is_repeated)


class _SecondWithKey(Exception):
    """Another request with the same key was first; this transaction must not commit."""


def _store(
    key: str, body: dict[str, Any], sending: Submission, profile: Profile
) -> tuple[bytes, bool]:
    """The response, and whether it is a repeated one."""
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
                "receipt": status.ON_ITS_WAY if proposal.receipt_asked else status.NOT_SENT,
            }
        )
        if not idempotency.store(session, key=key, body=body, answer=answer):
            raise _SecondWithKey
        crash.point("intake.before_commit")
    return answer, False


@bp.get("/forms/interest")
def form() -> Response:
    """The body of POST /proposals, as JSON Schema 2020-12."""
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
    """The submission in a body; raises Problem 422 with a pointer for each field."""
    problems = _envelope_problems(body, profile)
    clean: dict[str, Any] = {}
    if "answers" in body:
        try:
            clean = validation.load(profile, body["answers"])
        except ValidationError as error:
            problems += [
                {**problem, "pointer": f"/answers{problem['pointer']}"}
                for problem in validation.problems(error)
            ]
    if problems:
        detail = "Nothing was saved. Each entry of errors says where and what to do."
        raise Problem(422, "answers", detail, errors=problems[: validation.MAX_PROBLEMS])
    return Submission(form=body["form"], language=body["language"], answers=clean)


def _envelope_problems(body: dict[str, Any], profile: Profile) -> list[dict[str, str]]:
    offered = {"form": [profile.body["form"]], "language": profile.languages, "answers": None}
    problems = []
    for key, values in offered.items():
        if key not in body:
            problems.append({"pointer": f"/{key}", "code": "required", "message": "Add this."})
        elif values is not None and body[key] not in values:
            message = f"Use one of: {', '.join(values)}."
            problems.append({"pointer": f"/{key}", "code": "choice", "message": message})
    unknown = sorted(body.keys() - offered.keys())[: validation.MAX_PROBLEMS]
    for key in unknown:
        problems.append({"pointer": _pointer(key), "code": "unknown", "message": "Leave this out."})
    return problems


def _pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")[:100]


def _response(body: bytes, *, is_repeated: bool) -> Response:
    response = Response(body, status=201, mimetype="application/json")
    if is_repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response
