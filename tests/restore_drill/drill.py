"""One round of the drill: work goes on, copies are made, everything is killed, copies come back."""

import json
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.request import Request, urlopen

from flask import Flask
from sqlalchemy import or_

from infra.processes import answers
from services.intake.models import ErasureReport, Proposal
from services.intake.proposals import status, submission
from services.intake.restore import SOME_OF
from services.notify.models import Mail
from services.review import departures
from services.review.cases import visibility
from services.review.decisions import letters
from services.review.decisions.letters import Decision
from services.review.models import Case
from services.review.models.states import LetterKind
from services.review.staff import people
from shared import db
from shared.restore import inventory
from shared.tables import DeferredEvent, DeferredState, OutboxRow, now
from tests.chaos import rig as rigs
from tests.chaos.client import Crowd
from tests.chaos.rig import Rig
from tests.factories import a_proposal, count, rows
from tests.restore_drill import copies

PATIENT = 3  # attempts; then an event waits for something that is lost
QUEUES_WITHIN = 30.0
WITHIN = 120.0  # seconds for anything that has to happen
AT_LEAST = 4  # proposals before the copy, in the lost time, and after the restore
SIGNER = "drill.director@office.example"


class Round(NamedTuple):
    """What people saw in one round."""

    restored: list[str]
    began_at: object
    before: set[str]  # references acknowledged before the first copy
    lost_time: set[str]  # between the first copy and the kill
    after: set[str]
    held: set[str]  # by a service that was not put back, or by a copy
    erased: str  # the mailbox of a person who was erased after the copies
    erased_reference: str
    decided: str  # the reference of a case that was decided after the copies


def play(rig: Rig, restored: list[str], *, seed: int) -> Round:
    """Play one round; the suite is at rest afterwards."""
    began_at = now()
    address = f"erased-{seed}@drill.example"
    erased = _submit(rig.url, address)
    crowd = Crowd(rig.url, seed=seed, threads=2, pause=0.2)
    try:
        _wait("proposals", lambda: len(crowd.acknowledged) >= AT_LEAST)
        decided = crowd.acknowledged[0].reference or ""
        _wait("a case", lambda: _has_case(rig.apps["review"], decided, erased))
        before = _references(crowd)
        folder = rig.folder / f"copies-{seed}"
        held = {service: _held(rig, service) for service in restored}  # at least
        copies.back_up(rig, folder)
        _work_on(rig, crowd, decided=decided, address=address)
        rigs.kill_everything(rig)
        lost_time = _references(crowd) - before
        held |= {service: _held(rig, service) for service in rig.apps if service not in restored}
        _restore(rig, folder, restored)
        known = before | lost_time
        _wait("proposals", lambda: len(_references(crowd) - known) >= AT_LEAST)
    finally:
        crowd.stop()
    _rest(rig)
    after = _references(crowd) - before - lost_time
    everywhere = set().union(*held.values())
    return Round(restored, began_at, before, lost_time, after, everywhere, address, erased, decided)


def _restore(rig: Rig, folder: Path, restored: list[str]) -> None:
    """What docs/operations.md says, while nothing runs."""
    copies.put_back(rig, folder, restored)
    for service, app in rig.apps.items():
        words = ["announce", "--restored"] if service in restored else ["announce"]
        result = app.test_cli_runner().invoke(args=words, catch_exceptions=False)
        assert result.exit_code == 0, result.output
    for name in rig.running.parts:
        rig.running.start(name)
    _wait("intake", lambda: answers(f"{rig.url}/healthz"))


def _work_on(rig: Rig, crowd: Crowd, *, decided: str, address: str) -> None:
    """Work of which no copy knows: proposals, messages of both sides, a decision, an erasure."""
    intake, review = rig.apps["intake"], rig.apps["review"]
    already = len(crowd.acknowledged)
    _command(intake, "post", "add", decided, "We can start in May.")
    _command(review, "post", "add", decided, "Thank you.", "--by", "Maria")
    _decide(review, decided)
    _command(intake, "person", "erase", address, "--yes")
    _wait("proposals", lambda: len(crowd.acknowledged) >= already + AT_LEAST)
    _wait("the letter", lambda: _label(intake, decided) == "accepted")
    _wait("the erasure", lambda: count(intake, ErasureReport) % 2 == 0)
    mailed = (Mail.kind == "decision", Mail.state == "sent")
    _wait("the mail", lambda: count(rig.apps["notify"], Mail, *mailed) > 0)


def _decide(app: Flask, reference: str) -> None:
    with app.app_context(), db.begin() as session:
        by = people.find(session, email=SIGNER) or people.add(
            session, name="Drill Director", email=SIGNER, role="director", office=None
        )
        session.flush()
        case = visibility.find(session, None, typed=reference)
        assert case is not None
        letters.draft(session, case, by=by, decision=Decision(LetterKind.ACCEPT))
        letters.send(session, case, by=by)
        departures.leave_due(session, case)


def _command(app: Flask, *words: str) -> None:
    result = app.test_cli_runner().invoke(args=words, catch_exceptions=False)
    assert result.exit_code == 0, result.output


def _submit(url: str, address: str) -> str:
    body = json.dumps(a_proposal(contact_email=address)).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
    request = Request(f"{url}/api/v1/proposals", body, headers)  # noqa: S310 - on loopback
    with urlopen(request, timeout=30) as answer:  # noqa: S310 - on loopback
        return str(json.load(answer)["reference"]).replace("-", "")


def _references(crowd: Crowd) -> set[str]:
    return {attempt.reference for attempt in crowd.acknowledged if attempt.reference}


def _has_case(app: Flask, *references: str) -> bool:
    with app.app_context(), db.read() as session:
        return all(visibility.find(session, None, typed=each) for each in references)


def _held(rig: Rig, service: str) -> set[str]:
    """The references of the proposals that this service holds now."""
    table = {"intake": Proposal, "review": Case}.get(service)
    return {row.reference for row in rows(rig.apps[service], table)} if table else set()


def _label(app: Flask, reference: str) -> str:
    with app.app_context(), db.read() as session:
        proposal = submission.find(session, typed=reference)
        view = status.case_view(session, proposal) if proposal else None
        return view.public_label if view else ""


def _wait(what: str, happened: Callable[[], bool]) -> None:
    end = time.monotonic() + WITHIN
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come")
        time.sleep(0.1)


def _rest(rig: Rig) -> None:
    """Wait until nothing has moved for two seconds, in the queues of the broker either.

    Those are not visible from here. So while two services disagree, wait for longer.
    """
    quiet_since = time.monotonic()
    end = quiet_since + WITHIN
    while time.monotonic() - quiet_since < (QUEUES_WITHIN if disagreements(rig) else 2.0):
        rig.running.restart_ended()
        if moving := _moving(rig):
            quiet_since = time.monotonic()
        if time.monotonic() > end:
            raise TimeoutError(f"did not come to rest: {moving}")
        time.sleep(0.2)


def disagreements(rig: Rig) -> list[str]:
    """What any service still holds more of than another."""
    held = {}
    for service, app in rig.apps.items():
        with app.app_context(), db.read() as session:
            held[service] = app.extensions["hold"](session, now())
    for kind in SOME_OF:  # intake keeps a part of these
        held["intake"].pop(kind)
    return [
        f"{one} holds more than {other}: {found}"
        for one, theirs in held.items()
        for other, mine in held.items()
        if (found := inventory.difference(theirs, mine))
    ]


def _moving(rig: Rig) -> str:
    soon = now() + timedelta(seconds=30)  # a mail about a message waits longer for more messages
    counts = {}
    for service, app in rig.apps.items():
        unpublished = (OutboxRow.published_at.is_(None),)
        counts[f"unpublished at {service}"] = count(app, OutboxRow, *unpublished)
        deferred = (DeferredEvent.state == DeferredState.DEFERRED, DeferredEvent.attempts < PATIENT)
        counts[f"deferred at {service}"] = count(app, DeferredEvent, *deferred)
    waits = or_(
        Mail.state.in_(("queued", "sending", "deferred")) & (Mail.next_attempt_at < soon),
        (Mail.state == "in_doubt") & (Mail.on_doubt == "resend") & Mail.dot_at.is_not(None),
    )
    counts["mails on their way"] = count(rig.apps["notify"], Mail, waits)
    return ", ".join(f"{number} {what}" for what, number in counts.items() if number)
