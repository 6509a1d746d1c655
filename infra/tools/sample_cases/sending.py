"""Send the sample proposals by the API, each with its own key, so that none arrives twice."""

import json
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from infra.tools.sample_cases import Sample
from services.intake.proposals import idempotency, submission
from services.intake.proposals.submission import Submission
from shared import db, references
from shared.profile import versions
from shared.profile.answers import validation
from shared.tables import now


class NotSent(Exception):
    """Intake did not accept a sample; the message says why."""


def send(sample: Sample, *, url: str) -> tuple[str, bool]:
    """Send it to intake at this address; return its reference and whether it was a repeat.

    Raises NotSent.
    """
    request = Request(  # noqa: S310 - our own loopback address
        f"{url}/api/v1/proposals",
        data=json.dumps(sample.body).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": sample.key},
    )
    try:
        with urlopen(request, timeout=15) as response:  # noqa: S310
            answer = json.load(response)
            repeated = response.headers.get("Idempotent-Replayed") == "true"
    except HTTPError as error:
        raise NotSent(f"was refused: {error.read().decode()[:300]}") from error
    except (URLError, OSError) as error:
        raise NotSent(f"could not be sent: {error}") from error
    return answer["reference"], repeated


def hold_back(sample: Sample) -> tuple[str, bool]:
    """Submit it as suspected spam, like a form with the hidden field filled in.

    The API has no such field, so this runs inside intake, with the same protection from repeats.
    """
    with db.begin() as session:
        stored = idempotency.stored_response(session, key=sample.key, body=sample.body)
        if stored is not None:
            return _reference(stored), True
        profile = versions.in_force(session)
        answers: dict[str, Any] = validation.load(profile, sample.body["answers"])
        sending = Submission(sample.body["form"], sample.body["language"], answers, trusted=False)
        proposal = submission.store(session, sending, profile=profile, at=now())
        reference = references.display(proposal.reference)
        response = json.dumps({"reference": reference}).encode()
        idempotency.store(session, key=sample.key, body=sample.body, answer=response)
    return reference, False


def _reference(answer: bytes) -> str:
    return str(json.loads(answer)["reference"])
