"""The page for an act on a case that has changed meanwhile: what was done and typed."""

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session

from services.review import identity, labels
from services.review.case_page import timeline
from services.review.cases import audit, visibility
from services.review.decisions import letters
from services.review.forms.cases import EditLetter
from services.review.forms.kept_fields import TYPED_BY
from services.review.lifecycle import transitions
from services.review.lifecycle.actions import CaseAction
from services.review.models import Case, Letter, Staff
from services.review.models.states import CaseState
from services.review.routes.case_action import Page, Pairs, not_found, readable
from shared import calendar, dates, db, references
from shared.events import MailAnswer
from shared.profile import Profile, versions
from shared.web.ui import fields
from shared.web.ui.fields import Field

BUTTONS = {  # as on the page of the form
    CaseAction.ASSIGN_TO_SELF: "Assign to me",
    CaseAction.UNASSIGN: "Unassign",
    CaseAction.REASSIGN: "Reassign",
    CaseAction.TRANSFER: "Transfer",
    CaseAction.SEND_MESSAGE: "Send message",
    CaseAction.ADD_NOTE: "Add note",
    CaseAction.REOPEN: "Reopen",
    CaseAction.DRAFT_LETTER: "Create letter",
    CaseAction.EDIT_LETTER: "Save and preview",
    CaseAction.DISCARD_LETTER: "Discard draft",
    CaseAction.SEND_LETTER: "Send letter",
    **dict.fromkeys((CaseAction.ACCEPT, CaseAction.DEFER, CaseAction.DECLINE), "Send letter"),
    CaseAction.UNDO_SENDING: "Undo",
    CaseAction.SEND_NOW: "Send now",
    CaseAction.RESOLVE_MAIL: "Resend",
}
ON_DRAFT = ("decisions.edit", "decisions.discard", "decisions.release")
DRAFT = "decisions.draft"
CHANGES_LETTER = (CaseAction.DRAFT_LETTER, CaseAction.EDIT_LETTER)


def show_conflicts(bp: Blueprint) -> None:
    """Show what a colleague did meanwhile whenever a route of this blueprint raises Stale."""
    bp.register_error_handler(visibility.Stale, _conflict_page)


def _conflict_page(stale: visibility.Stale) -> Page:
    """Show what the colleague did. Offer this person's own entries to send again, if that can
    still work.
    """
    member = identity.member()
    kept = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", "revision", TYPED_BY)
    ]
    with db.read() as session:
        case = visibility.find(session, member, typed=stale.reference)
        if case is None:
            raise not_found()
        profile = versions.of(session, version=case.profile_version)
        changes = audit.entries_since(session, case, revision=_shown_revision())
        too_late = _too_late(session, case, profile, member)
        waiting = None if too_late else _letter_in_question(session, case)
        is_changed = any(entry.action in CHANGES_LETTER for entry in changes)
        page = render_template(
            "review/edit_conflict.html",
            case=case,
            changes=timeline(case, changes, member=member),
            kept=kept,
            typed=_typed(kept, profile),
            too_late=too_late,
            letter=waiting if is_changed else None,
            edited=_edited(),
            button="" if too_late else _button(waiting),
            about_letter=request.endpoint in ON_DRAFT,
            current=url_for(
                "decisions.letter" if request.endpoint in ON_DRAFT else "cases.page",
                reference=references.display(case.reference),
            ),
        )
    return page, 409


def _letter_in_question(session: Session, case: Case) -> Letter | None:
    """The draft that this act changes, sends, discards or replaces."""
    about_letter = request.endpoint in (*ON_DRAFT, DRAFT)
    return letters.open_draft(session, case) if about_letter else None


def _edited() -> list[Field]:
    """The fields with this person's own version of the letter, to change it before it is saved."""
    if request.endpoint != "decisions.edit":
        return []
    form = EditLetter()
    return [fields.of(form.subject), fields.of(form.text)]


def _button(waiting: Letter | None) -> str:
    """The words of the button that does it after all."""
    act = _act(waiting)
    if act is CaseAction.DRAFT_LETTER and waiting is not None:
        return "Replace letter"
    if act is CaseAction.RESOLVE_MAIL and request.form.get("answer") == MailAnswer.ARRIVED:
        return "Mark as delivered"
    return BUTTONS[act]


def _shown_revision() -> int:
    typed = request.form.get("revision", "0")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


def _typed(kept: Pairs, profile: Profile) -> list[str]:
    """What was entered, in words: the chosen decision with its reason and day, then the texts."""
    if request.endpoint != DRAFT:
        return readable(kept)
    entered = dict(kept)
    reasons = {reason["value"]: reason["label"] for reason in profile.reasons}
    chosen = {
        "Decision": labels.DECISIONS.get(entered.pop("kind", "")),
        "Reason": reasons.get(entered.pop("reason", "")),
        "On hold until": entered.pop("until", ""),
    }
    lines = [f"{label}: {value}" for label, value in chosen.items() if value]
    return ["\n".join(lines)] * bool(lines) + readable(list(entered.items()))


def _too_late(session: Session, case: Case, profile: Profile, by: Staff) -> str:
    """Why what was pressed cannot work anymore; "" where it still can."""
    waiting = letters.open_draft(session, case)
    decided = case.state not in (CaseState.TRIAGE, CaseState.DECISION_DRAFT)
    if request.endpoint in (*ON_DRAFT, DRAFT):
        sent = letters.released(session, case)
        if decided and sent:
            return _already_sent(sent[0], profile)
        if waiting is None and request.endpoint != DRAFT:
            return "This draft was discarded."
    act = _act(waiting)
    if act is CaseAction.ASSIGN_TO_SELF and case.owner:
        is_owner = "You are" if case.owner_id == by.id else f"{case.owner.name} is"
        return f"{is_owner} the owner now."
    if act is CaseAction.UNASSIGN and case.owner is None:
        return "This case has no owner now."
    if not transitions.may(case, act, by=by):
        return "This isn’t possible in the current state of the case."
    return ""


def _already_sent(letter: Letter, profile: Profile) -> str:
    by = f" by {letter.released_by.name}" if letter.released_by else ""
    at = letter.released_at or letter.drafted_at
    day = dates.in_words(calendar.local_day(profile, at), profile.languages[0])
    return f"This letter was already sent{by} on {day}."


def _act(waiting: Letter | None) -> CaseAction:
    """The act of this route; that of a release is its decision."""
    name = str(request.endpoint).partition(".")[2]
    if request.endpoint == "decisions.release" and waiting is not None:
        return CaseAction(waiting.kind)
    letter_acts = {
        "draft": CaseAction.DRAFT_LETTER,
        "edit": CaseAction.EDIT_LETTER,
        "discard": CaseAction.DISCARD_LETTER,
    }
    return letter_acts.get(name) or CaseAction[name.upper()]
