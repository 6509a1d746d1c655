"""Count what is there after a round: on both sides, in mailboxes, and what is listed as lost."""

from collections import Counter
from typing import Any, NamedTuple

from flask import Flask

from services.intake.models import CaseView, Person, Proposal
from services.intake.models import Post as PostAtIntake
from services.notify.models import Mail, MailAttempt
from services.review.models import Case, Letter, Post
from shared.tables import DeferredEvent, DeferredState, RestoredThing
from tests.chaos.rig import Rig
from tests.factories import count, rows
from tests.restore_drill import drill
from tests.restore_drill.drill import Round

ONCE = ("receipt", "staff_alert", "decision")  # kinds of which a proposal gets one here


class Count(NamedTuple):
    """The numbers of one round, and what contradicts a promise."""

    numbers: dict[str, int]
    violations: list[str]


def take(rig: Rig, played: Round) -> Count:
    """Count after this round."""
    violations: list[str] = []
    numbers = _proposals(rig, played, violations)
    numbers |= _rest_of_case(rig, played, violations)
    numbers |= _erased(rig, played, violations)
    numbers |= _mails(rig, violations)
    numbers["events that wait for something lost"] = sum(
        count(app, DeferredEvent, DeferredEvent.state == DeferredState.DEFERRED)
        for app in rig.apps.values()
    )
    numbers |= _noted(rig, played)
    for service, app in rig.apps.items():
        parked = DeferredEvent.state == DeferredState.PARKED
        violations += [
            f"{service} parked {row.event_type}: {row.reason}"
            for row in rows(app, DeferredEvent, parked)
        ]
    violations += drill.disagreements(rig)
    return Count(numbers, violations)


def _proposals(rig: Rig, played: Round, violations: list[str]) -> dict[str, int]:
    here = _living(rig.apps["intake"], Proposal)
    there = _living(rig.apps["review"], Case)
    violations += [f"{each} is at intake and not at review" for each in here - there]
    violations += [f"{each} is at review and not at intake" for each in there - here]
    acknowledged = played.before | played.lost_time
    expected = acknowledged & played.held | played.after
    violations += [f"acknowledged proposal {each} is lost" for each in expected - here]
    return {
        "acknowledged before the copies": len(played.before),
        "acknowledged in the lost time": len(played.lost_time),
        "acknowledged after the restore": len(played.after),
        "of the lost time, at intake": len(played.lost_time & here),
        "of the lost time, at review": len(played.lost_time & there),
        "of the lost time, held by nobody any more": len(played.lost_time - here),
        "lost, though a service or a copy held it": len(expected - here),
    }


def _living(app: Flask, table: Any) -> set[str]:
    return {row.reference for row in rows(app, table) if row.state != "erased"}


def _rest_of_case(rig: Rig, played: Round, violations: list[str]) -> dict[str, int]:
    """The decided case: its letter, label, version and messages on both sides."""
    (case,) = rows(rig.apps["review"], Case, Case.reference == played.decided)
    (view,) = rows(rig.apps["intake"], CaseView, CaseView.proposal_id == case.proposal_id)
    letters = rows(rig.apps["review"], Letter, Letter.case_id == case.id)
    posts = [
        {post.id for post in rows(rig.apps[service], table)}
        for service, table in (("intake", PostAtIntake), ("review", Post))
    ]
    if (view.version, view.public_label) != (case.version, case.public_label):
        violations.append(f"{played.decided} is {case.public_label}, its page {view.public_label}")
    if posts[0] != posts[1]:
        violations.append(f"{len(posts[0] ^ posts[1])} messages are on one side only")
    if len(played.restored) < len(rig.apps) and not (letters and view.state["letter"]):
        violations.append(f"the letter of {played.decided} is lost")
    return {"letters released in the lost time, kept": len(letters)}


def _erased(rig: Rig, played: Round, violations: list[str]) -> dict[str, int]:
    persons = rows(rig.apps["intake"], Person, Person.address == played.erased)
    mails = rows(rig.apps["notify"], Mail, Mail.recipient == played.erased)
    proposals = [
        row
        for service, table in (("intake", Proposal), ("review", Case))
        for row in rows(rig.apps[service], table)
        if row.reference == played.erased_reference and row.state != "erased"
    ]
    returned = len(persons) + len(mails) + len(proposals)
    if returned:
        violations.append(f"{played.erased} returned: {persons}, {mails}, {proposals}")
    return {"erased in the lost time, returned": returned}


def _mails(rig: Rig, violations: list[str]) -> dict[str, int]:
    mails = rows(rig.apps["notify"], Mail)
    doubts = Counter(
        row.mail_id for row in rows(rig.apps["notify"], MailAttempt) if row.outcome == "in_doubt"
    )
    by_message = {mail.message_id.strip("<>"): mail.id for mail in mails}
    accepted = Counter(mail.message_id.strip("<>") for mail in rig.sink.accepted)
    twice = {
        message: number - 1 - doubts[by_message.get(message)]
        for message, number in accepted.items()
        if number - 1 > doubts[by_message.get(message)]
    }
    violations += [f"mail {message} went out {n + 1} times" for message, n in twice.items()]
    about = Counter((mail.kind, mail.proposal_id) for mail in mails if mail.kind in ONCE)
    doubled = [each for each, number in about.items() if number > 1]
    violations += [f"{kind} about {proposal} was requested twice" for kind, proposal in doubled]
    return {
        "mails accepted by the mail server": accepted.total(),
        "mails that went out twice": len(twice) + len(doubled),
        "mails unconfirmed, listed": sum(mail.state == "in_doubt" for mail in mails),
    }


def _noted(rig: Rig, played: Round) -> dict[str, int]:
    """What `flask restored` lists of this round."""
    since: Any = played.began_at
    things = [
        (service, thing)
        for service in played.restored
        for thing in rows(rig.apps[service], RestoredThing, RestoredThing.noted_at >= since)
    ]
    counted = Counter(
        f"{service} {'got back' if thing.came_back else 'lost'}: {thing.kind}"
        for service, thing in things
    )
    return dict(sorted(counted.items()))
