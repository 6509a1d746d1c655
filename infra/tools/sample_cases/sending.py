"""The demo's proposals come in: by the API, under a key each, so that none comes twice."""

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
    """A sample that intake did not take; the message says why."""


def send(sample: Sample, *, url: str) -> tuple[str, bool]:
    """Send it to intake at this address; return its reference and whether it was there before.

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
            again = response.headers.get("Idempotent-Replayed") == "true"
    except HTTPError as error:
        raise NotSent(f"was refused: {error.read().decode()[:300]}") from error
    except (URLError, OSError) as error:
        raise NotSent(f"could not be sent: {error}") from error
    return answer["reference"], again


def hold_back(sample: Sample) -> tuple[str, bool]:
    """Take it as intake takes a form in which the field that people cannot see was filled in.

    The API has no such field, so this is done inside intake; the same key brings it in once.
    """
    with db.begin() as session:
        before = idempotency.stored_response(session, key=sample.key, body=sample.body)
        if before is not None:
            return _reference(before), True
        profile = versions.in_force(session)
        clean: dict[str, Any] = validation.load(profile, sample.body["answers"])
        sending = Submission(sample.body["form"], sample.body["language"], clean, trusted=False)
        proposal = submission.store(session, sending, profile=profile, at=now())
        reference = references.display(proposal.reference)
        kept = json.dumps({"reference": reference}).encode()
        idempotency.store(session, key=sample.key, body=sample.body, answer=kept)
    return reference, False


def _reference(answer: bytes) -> str:
    return str(json.loads(answer)["reference"])
