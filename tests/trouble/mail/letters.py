"""Letters with a given text, and whether they can be sent."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from services.review.models import Letter
from shared import references
from tests.factories import rows
from tests.fakes import take
from tests.review.office import case_of, do, post, sent, signed_in, visit

GREETING = "Dear Ray Okafor,\n\n"
GOOD = "We would like to offer this. Someone will write to you about the next step."


def drafted(app: Flask, text: str, **data: Any) -> tuple[FlaskClient, str]:
    """A director's browser, and a case whose letter has this text."""
    reference = references.new()
    take(app, sent("partner-half-idea", reference=reference, **data))
    case = references.display(reference)
    clerk = signed_in(app, "triage", name="Renata Kowalczyk")
    do(clerk, case, "decision", kind="accept")
    do(clerk, case, "letter", subject="Our decision", text=text)
    return signed_in(app, "director", name="Virginia Haas"), case


def send(client: FlaskClient, app: Flask, case: str) -> int:
    """Post what a page with the button would have posted; the status."""
    page = visit(client, f"/cases/{case}/letter")
    form = next(dict(form.data()) for form in page.forms if "revision" in dict(form.data()))
    return post(client, f"/cases/{case}/letter/release", **form).status


def is_released(app: Flask, case: str) -> bool:
    wanted = case_of(app, case).id
    return any(row.released_at for row in rows(app, Letter) if row.case_id == wanted)
