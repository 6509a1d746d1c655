"""The pages with a conversation of many messages beside the same pages with none."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import insert, select

from services.intake.access import browser_grants
from services.intake.models import Post as IntakePost
from services.intake.models import Proposal
from services.intake.models.states import AccessKind
from services.review.models import Case
from services.review.models import Post as ReviewPost
from shared import db, references
from shared.events import PostSide
from shared.tables import now
from tests.bench import drafts, office
from tests.bench.act_still import client_of, statements_of
from tests.bench.figures import MET, MISSED, Row, at_most, counted
from tests.bench.rig import Rig
from tests.bench.serving import Visit, cpu, in_turns, measure_round
from tests.bench.visitor import Visitor
from tests.factories import sample, send
from tests.fakes import take
from tests.review.office import sent

Opened = tuple[str, dict[str, str]]  # a page, and the cookies of somebody who may read it
MESSAGES = 300
MOST = 1.5
WORDS = "Could you tell us how many people would take this in the first year, and who would pay? "


def conversation(rig: Rig) -> list[Row]:
    """Status page and case page with many messages, in processor time and statements."""
    proposals, cases = _proposals(rig.apps["intake"]), _cases(rig.apps["review"])
    return [
        *_compared(rig, "status page", "intake", proposals),
        *_compared(rig, "case page", "review", cases),
    ]


def _compared(rig: Rig, page: str, service: str, made: list[Opened]) -> list[Row]:
    many, none = made
    times = rig.size.visits // 4
    with rig.ours(service, rig.production) as ours:
        rounds = in_turns(
            rig.size.rounds,
            lambda: measure_round(ours, [Visitor(ours.url, many[1])], _open(many[0]), times=times),
            lambda: measure_round(ours, [Visitor(ours.url, none[1])], _open(none[0]), times=times),
        )
    app = rig.apps[service]
    numbers = [statements_of(app, client_of(app, cookies), path) for path, cookies in made]
    name = f"{page} with {MESSAGES} messages beside none"
    row = counted(f"SQL statements: {name}", *numbers)
    return [
        at_most(f"{name} (CPU)", cpu(rounds[0]), cpu(rounds[1]), MOST),
        row._replace(verdict=MET if numbers[0] == numbers[1] else MISSED),
    ]


def _open(path: str) -> Visit:
    def visit(visitor: Visitor) -> None:
        visitor.get(path)

    return visit


def _proposals(app: Flask) -> list[Opened]:
    """Two proposals, the first with messages: the address and the cookie of each."""
    made = []
    for count in (MESSAGES, 0):
        answer = send(app.test_client(), sample(drafts.LARGEST))
        reference = references.parse(answer.json["reference"])
        with app.app_context(), db.begin() as session:
            found = session.scalars(select(Proposal).where(Proposal.reference == reference)).one()
            _add(session, IntakePost, found.id, count)
            key = browser_grants.grant(
                session,
                None,
                kind=AccessKind.PROPOSAL,
                thing_id=found.id,
                lasts=browser_grants.LINK_GRANT,
            )
        made.append((f"/status/{references.display(reference)}", drafts.cookie(app, key=key)))
    return made


def _cases(app: Flask) -> list[Opened]:
    """Two cases, the first with messages: the address and the cookie of each."""
    made = []
    for count in (MESSAGES, 0):
        reference, proposal_id = references.new(), uuid4()
        take(app, sent(drafts.LARGEST, proposal_id=proposal_id, reference=reference))
        with app.app_context(), db.begin() as session:
            case = session.scalars(select(Case).where(Case.reference == reference)).one()
            _add(session, ReviewPost, case.proposal_id, count)
        made.append((f"/cases/{references.display(reference)}", office.pass_of(app)))
    return made


def _add(session: Any, post: Any, proposal_id: Any, count: int) -> None:
    if count:
        session.execute(insert(post), list(_posts(proposal_id, count)))


def _posts(proposal_id: Any, count: int) -> Iterator[dict[str, Any]]:
    began = now() - timedelta(days=30)
    for number in range(count):
        side = PostSide.OFFICE if number % 2 else PostSide.PROPOSER
        yield {
            "id": uuid4(),
            "proposal_id": proposal_id,
            "side": side,
            "author": "Maya Chen" if number % 2 else "Dana Reyes",
            "text": f"{number}. {WORDS * 2}",
            "said_at": began + timedelta(minutes=number),
        }
