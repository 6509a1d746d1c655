"""The actions on a case: one table of what is possible where, for whom, and where it leads.

Permissions of routes, buttons of the page, the texts about what was done and docs/lifecycle.md are
derived from it. `transitions` applies it.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from services.review.models import Case, Staff
from services.review.models.people import LEADS, WORKERS, Role
from services.review.models.states import NOT_ERASED, CaseState


class CaseAction(StrEnum):
    """An action on a case. The audit stores the value; buttons use other words."""

    ASSIGN_TO_SELF = "take"
    REASSIGN = "hand_over"
    TRANSFER = "pass_on"
    UNASSIGN = "give_back"
    SEND_MESSAGE = "write"
    UNDO_SENDING = "undo"
    SEND_NOW = "send_now"
    ADD_NOTE = "note"
    DRAFT_LETTER = "draft"
    EDIT_LETTER = "edit"
    DISCARD_LETTER = "discard"
    SEND_LETTER = "send"
    ACCEPT = "accept"
    DEFER = "defer"
    DECLINE = "decline"
    REOPEN = "reopen"
    REOPEN_AUTOMATICALLY = "wake"
    RESOLVE_MAIL = "settle"

    @property
    def slug(self) -> str:
        """The name of its route and of its fragment: add_note for ADD_NOTE."""
        return self.name.lower()


class Refused(Exception):
    """An action that is refused; the message is shown."""


class NotPossible(Refused):
    """Refused because of the state of the case."""


class NotAllowed(Refused):
    """Refused to this person."""


def _owner_or_lead(case: Case, by: Staff) -> None:
    """Only its owner, a lead or a director."""
    if case.owner_id != by.id and by.role not in LEADS:
        raise NotAllowed("Only the owner, a lead or a director can unassign this case.")


def _owner_or_not_assessor(case: Case, by: Staff) -> None:
    """An assessor only as its owner."""
    if case.owner_id != by.id and by.role == Role.ASSESSOR:
        raise NotAllowed("Ask the owner, a lead or a director to reassign this case.")


class Transition(NamedTuple):
    """One row of the table. `guard` raises NotAllowed for a rule beyond role and state."""

    sources: frozenset[CaseState]
    target: CaseState | None  # None: the state stays
    roles: frozenset[str]  # empty: only the calendar
    activity: str  # its entry in the activity of the case
    notice: str = ""  # what the page of the case says after it
    guard: Callable[[Case, Staff], None] | None = None


_TRIAGE = frozenset({CaseState.TRIAGE})
_DRAFT = frozenset({CaseState.DECISION_DRAFT})
_WITH_US = _TRIAGE | _DRAFT
_HELD = frozenset({CaseState.DEFERRED})
_ANY = frozenset(NOT_ERASED)
_CALENDAR: frozenset[str] = frozenset()

TRANSITIONS: dict[CaseAction, Transition] = {
    CaseAction.ASSIGN_TO_SELF: Transition(
        _TRIAGE, None, WORKERS, "Became the owner",
        "You are the owner now. The proposer sees your name.",
    ),
    CaseAction.REASSIGN: Transition(
        _WITH_US, None, WORKERS, "Reassigned",
        "Reassigned. The proposer sees the new owner’s name.", _owner_or_not_assessor,
    ),
    CaseAction.TRANSFER: Transition(
        _TRIAGE, None, WORKERS, "Transferred",
        "Transferred. The proposer was not emailed, but their status page names the new office.",
        _owner_or_not_assessor,
    ),
    CaseAction.UNASSIGN: Transition(
        _WITH_US, None, WORKERS, "Unassigned",
        "Unassigned. Any colleague can now become the owner.", _owner_or_lead,
    ),
    CaseAction.SEND_MESSAGE: Transition(
        _ANY, None, WORKERS, "Sent a message",
        "Message sent. The proposer gets an email and can read it on their status page.",
    ),
    CaseAction.UNDO_SENDING: Transition(
        _ANY, None, WORKERS, "Undid sending", "Not sent. The proposer has seen nothing of it.",
    ),
    CaseAction.SEND_NOW: Transition(
        _ANY, None, WORKERS, "Sent it at once",
        "It has left. The proposer gets an email and can read it on their status page.",
    ),
    CaseAction.ADD_NOTE: Transition(
        _ANY, None, WORKERS, "Added an internal note",
        "Internal note added. Proposers can’t see it.",
    ),
    CaseAction.DRAFT_LETTER: Transition(
        _WITH_US, CaseState.DECISION_DRAFT, WORKERS, "Drafted a letter",
        "Letter created. Colleagues who can send it are notified by email. The proposer is not.",
    ),
    CaseAction.EDIT_LETTER: Transition(_DRAFT, None, WORKERS, "Edited the letter"),
    CaseAction.DISCARD_LETTER: Transition(
        _DRAFT, CaseState.TRIAGE, WORKERS, "Discarded the draft",
        "Draft discarded. The case is back in triage.",
    ),
    CaseAction.SEND_LETTER: Transition(
        _DRAFT, None, LEADS, "Sent the letter",
        "Letter sent. The proposer gets it by email and on their status page.",
    ),
    CaseAction.ACCEPT: Transition(_DRAFT, CaseState.ACCEPTED, LEADS, "Accepted"),
    CaseAction.DEFER: Transition(_DRAFT, CaseState.DEFERRED, LEADS, "Put on hold"),
    CaseAction.DECLINE: Transition(_DRAFT, CaseState.DECLINED, LEADS, "Declined"),
    CaseAction.REOPEN: Transition(
        _HELD | {CaseState.DECLINED}, CaseState.TRIAGE, LEADS, "Reopened",
        "Case reopened, with new deadlines. The proposer was not emailed.",
    ),
    CaseAction.REOPEN_AUTOMATICALLY: Transition(
        _HELD, CaseState.TRIAGE, _CALENDAR, "Reopened automatically"
    ),
    CaseAction.RESOLVE_MAIL: Transition(_ANY, None, WORKERS, "Resolved an undelivered email"),
}  # fmt: skip
