"""Broken, doubtful or malicious requests to the API do no harm.

Each row of the matrix of bad input is a case. `refused` checks the invariant: a clear response, no
5xx, and no change in any table, so there is no row, no event and no mail.
"""

import json
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.factories import a_key, contents

PROPOSALS = "/api/v1/proposals"
JSON = {"Content-Type": "application/json"}


def refused(app: Flask, path: str = PROPOSALS, *, status: int, **request: Any) -> TestResponse:
    """Send the request and check for a clear problem of this status and no change."""
    before = contents(app)
    answer = app.test_client().open(path, **({"method": "POST"} | request))
    assert answer.status_code == status, answer.text
    assert contents(app) == before
    assert answer.mimetype == "application/problem+json"
    if request.get("method") != "HEAD":
        problem = json.loads(answer.data)
        assert problem["status"] == status
        assert problem["title"] and problem["detail"] and problem["code"]
        assert problem["request_id"] == answer.headers["X-Request-Id"]
        assert "Traceback" not in answer.text
    return answer


def posted(app: Flask, body: bytes | Any, *, status: int, **headers: str) -> Any:
    """Send this body with these headers, else like a good client; it must be refused."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    values = JSON | {"Idempotency-Key": a_key()} | headers
    return refused(app, status=status, data=data, headers=values).json


def pointers(problem: Any) -> dict[str, str]:
    return {error["pointer"]: error["code"] for error in problem["errors"]}
