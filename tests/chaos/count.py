"""Count the outcomes in Jepsen's terms: acknowledged, lost, recovered, duplicated, unexpected."""

from collections import Counter
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import func, select

from services.intake.models import MailStatus as IntakeMailStatus
from services.intake.models import Proposal, StoredResponse
from services.notify.models import Mail, MailAttempt
from services.review.models import Case
from services.review.models import MailStatus as ReviewMailStatus
from shared import db, events
from shared.inbox import retries
from shared.tables import DeferredEvent, DeferredState, InboxRow, OutboxRow
from tests.chaos.client import Attempt
from tests.chaos.rig import Rig

KINDS = ("receipt", "staff_alert")


class Count(NamedTuple):
    """The numbers for the table, and the violations as sentences."""

    numbers: dict[str, int]
    violations: list[str]


def still_moving(rig: Rig) -> str:
    """What is still in progress; "" if all events are handled and all mails have a final state."""
    remaining = {}
    for service, app in rig.apps.items():
        remaining[f"unpublished events of {service}"] = _count(
            app, OutboxRow, OutboxRow.published_at.is_(None)
        )
        remaining[f"deferred events at {service}"] = _count(
            app, DeferredEvent, DeferredEvent.state == DeferredState.DEFERRED
        )
    notify = rig.apps["notify"]
    remaining["mails without a final state"] = _count(
        notify, Mail, Mail.state.in_(("queued", "sending", "deferred", "in_doubt"))
    )
    remaining |= {
        f"events not handled by {who}": len(gone) for who, gone in _unhandled(rig).items()
    }
    return ", ".join(f"{count} {what}" for what, count in remaining.items() if count)


def replayed(rig: Rig) -> int:
    """Replay events parked for crash loops, as a person would; return how many.

    Our kills hit such an event four times in a row, so it looks like their cause.
    """
    count = 0
    for app in rig.apps.values():
        with app.app_context(), db.begin() as session:
            killed = select(DeferredEvent.event_id).where(
                DeferredEvent.state == DeferredState.PARKED, DeferredEvent.reason == "crash_loop"
            )
            count += retries.replay(session, event_ids=session.scalars(killed).all())
    return count


def take_count(rig: Rig, attempts: list[Attempt]) -> Count:
    """Compare what people saw with the databases and the mails accepted by the mail server."""
    violations: list[str] = []
    numbers = _proposals(rig, attempts, violations)
    numbers |= _cases(rig, violations)
    numbers |= _mails(rig, violations)
    for consumer, missing in _unhandled(rig).items():
        violations += [f"event {event_id} never reached {consumer}" for event_id in missing]
    for service, app in rig.apps.items():
        parked = _rows(app, DeferredEvent, DeferredEvent.state == DeferredState.PARKED)
        violations += [f"{service} parked {row.event_type}: {row.reason}" for row in parked]
    return Count(numbers, violations)


def _proposals(rig: Rig, attempts: list[Attempt], violations: list[str]) -> dict[str, int]:
    app = rig.apps["intake"]
    stored = {row.reference for row in _rows(app, Proposal)}
    keys = {row.key for row in _rows(app, StoredResponse)}
    acknowledged = [attempt for attempt in attempts if attempt.reference]
    lost = [attempt for attempt in acknowledged if attempt.reference not in stored]
    sent = {attempt.key for attempt in attempts}
    violations += [f"acknowledged proposal {one.reference} is lost" for one in lost]
    violations += [f"key {key} was never sent" for key in keys - sent]
    doubled = len(stored) - len(keys)
    if doubled:
        violations.append(f"{len(stored)} proposals for {len(keys)} keys")
    return {
        "sent": len(attempts),
        "acknowledged": len(acknowledged),
        "acknowledged, lost": len(lost),
        "recovered (stored, answer never seen)": len(keys) - len(acknowledged),
        "proposals doubled": doubled,
    }


def _cases(rig: Rig, violations: list[str]) -> dict[str, int]:
    proposals = {row.reference for row in _rows(rig.apps["intake"], Proposal)}
    cases = _rows(rig.apps["review"], Case)
    case_counts = Counter(case.reference for case in cases)
    doubled = sum(count - 1 for count in case_counts.values())
    twice = [case.reference for case in cases if case.version != 1]
    violations += [f"proposal {one} has no case" for one in proposals - set(case_counts)]
    violations += [f"case {one} without a proposal" for one in set(case_counts) - proposals]
    violations += [f"case {one} was opened with effect more than once" for one in twice]
    return {"cases": len(cases), "cases doubled": doubled, "effects doubled": len(twice)}


def _mails(rig: Rig, violations: list[str]) -> dict[str, int]:
    notify = rig.apps["notify"]
    mails = {mail.message_id.strip("<>"): mail for mail in _rows(notify, Mail)}
    doubts = Counter(
        row.mail_id for row in _rows(notify, MailAttempt, MailAttempt.outcome == "in_doubt")
    )
    accepted = Counter(mail.message_id for mail in rig.sink.accepted)
    wanted = len(KINDS) * _count(rig.apps["intake"], Proposal)
    silent = listed = lost = 0
    for message_id, mail in mails.items():
        again = accepted[message_id] - 1
        if again < 0:
            lost += 1
            violations.append(f"mail {mail.kind} {message_id} ({mail.state}) was never accepted")
        elif again > doubts[mail.id]:
            silent += again
            violations.append(f"mail {message_id} was accepted {again + 1} times, unlisted")
        else:
            listed += again
    if len(mails) != wanted:
        violations.append(f"{len(mails)} mails for {wanted} that were asked for")
    violations += [f"mail {mail} was asked for by nobody" for mail in accepted if mail not in mails]
    violations += _wrong_states(rig, mails)
    return {
        "mails": len(mails),
        "mails silently lost": lost,
        "mails silently doubled": silent,
        "mails in doubt, listed": sum(doubts.values()),
        "of these accepted twice": listed,
    }


def _wrong_states(rig: Rig, mails: dict[str, Any]) -> list[str]:
    """Both projections must have the same state of each mail as notify."""
    truth = {mail.id: mail.state for mail in mails.values()}
    wrong = []
    for service, table in (("intake", IntakeMailStatus), ("review", ReviewMailStatus)):
        states = {row.mail_id: row.state for row in _rows(rig.apps[service], table)}
        differ = [mail_id for mail_id in truth if states.get(mail_id) != truth[mail_id]]
        wrong += [f"{service} has another state of mail {mail_id}" for mail_id in differ]
    return wrong


def _unhandled(rig: Rig) -> dict[str, set[Any]]:
    """Published events without an inbox row at a consumer."""
    handled = {
        service: set(_rows(app, InboxRow, column=InboxRow.event_id))
        for service, app in rig.apps.items()
    }
    missing: dict[str, set[Any]] = {}
    for publisher, app in rig.apps.items():
        with app.app_context(), db.read() as session:
            rows = session.execute(select(OutboxRow.event_id, OutboxRow.event_type)).all()
        for event_id, name in rows:
            for consumer in events.consumers(name, publisher):
                if event_id not in handled[consumer]:
                    missing.setdefault(consumer, set()).add(event_id)
    return missing


def _rows(app: Flask, table: Any, *where: Any, column: Any = None) -> list[Any]:
    with app.app_context(), db.read() as session:
        return list(session.scalars(select(table if column is None else column).where(*where)))


def _count(app: Flask, table: Any, *where: Any) -> int:
    with app.app_context(), db.read() as session:
        return session.scalar(select(func.count()).select_from(table).where(*where)) or 0
