"""Cases as JSON, for programs: enough to see that everything arrived, and where each mail is."""

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import select

from services.review.cases import visibility
from services.review.lifecycle import mail_status
from services.review.models import Case
from shared import db, references, strict_json
from shared.web.guards import strict_requests
from shared.web.problems import Problem

bp = Blueprint("api", __name__, url_prefix="/api/v1")

PAGE_SIZE = 50


@bp.get("/cases")
@strict_requests.takes("before")
def list_cases() -> Response:
    """Fifty cases, newest first; `?before=REFERENCE` goes on after that one."""
    with db.read() as session:
        query = select(Case).order_by(Case.opened_at.desc(), Case.id.desc()).limit(PAGE_SIZE)
        before = request.args.get("before")
        if before is not None:
            last = visibility.find(session, None, typed=before)
            if last is None:
                raise Problem(422, "before", "Use a reference from the previous page of results.")
            query = query.where(
                (Case.opened_at < last.opened_at)
                | ((Case.opened_at == last.opened_at) & (Case.id < last.id))
            )
        cases = [_summary(case) for case in session.scalars(query)]
    return _json({"cases": cases})


@bp.get("/cases/<reference>")
def show_case(reference: str) -> Response:
    """One case with its answers and its mails; 404 for anything that is not a reference."""
    with db.read() as session:
        case = visibility.find(session, None, typed=reference)
        if case is None:
            raise Problem(404, "unknown_reference", "There is no case with this reference.")
        mails = [
            {"kind": mail.kind, "state": mail.state, "changed_at": mail.changed_at.isoformat()}
            for mail in mail_status.mails_of(session, case)
        ]
        body = {**_summary(case), "answers": case.answers, "mails": mails}
    return _json(body)


def _summary(case: Case) -> dict[str, Any]:
    return {
        "reference": references.display(case.reference),
        "state": case.state,
        "version": case.version,
        "proposal_version": case.proposal_version,
        "title": case.title,
        "branch": case.branch,
        "office": case.office,
        "organization": case.organization,
        "first_reply_by": case.first_reply_by.isoformat(),
        "submitted_at": case.submitted_at.isoformat(),
        "opened_at": case.opened_at.isoformat(),
    }


def _json(body: dict[str, Any]) -> Response:
    return Response(strict_json.dumps(body), mimetype="application/json")
