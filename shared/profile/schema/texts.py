"""The schema of what the public pages, letters and lists of the office say.

All of it is written in the first language of the profile; `translations` holds the others. Only
letters (as mails) stand in each language by themselves, because they have paragraphs. Which
placeholders a text may name is said here too, so that whoever fills them in knows what to give.
"""

from marshmallow import fields, validate

from shared.events import CaseChanged
from shared.profile.schema import shapes
from shared.profile.schema.shapes import Strict

_label_field = CaseChanged().fields["public_label"].validate
PUBLIC_LABELS: tuple[str, ...] = tuple(_label_field.choices)  # type: ignore[union-attr]  # a OneOf

# How a case can stand inside the office, and what rules may raise about it.
STATES = (
    "triage",
    "info_requested",
    "intake_meeting",
    "feasibility",
    "decision_draft",
    "accepted",
    "redirected",
    "deferred",
    "declined",
    "merged",
    "routing",
    "approved",
    "in_development",
    "launched",
    "renewal_due",
    "retired",
    "withdrawn",
    "lapsed",
    "quarantined",
    "erased",
)
FLAGS = (
    "no_sponsor",
    "no_campus_account",
    "agreement_needed",
    "own_learner_form",
    "lead_time_short",
    "route_conflict",
    "renewal_missing",
    "recognition_badge",
    "title_long",
    "no_evidence",
    "looks_alike",
    "confidential",
    "other_language",
    "mail_failed",
)

_OFFICE = frozenset({"institution", "office", "contact_name", "contact_email"})
PAGES: dict[str, frozenset[str]] = {  # what a text of each page may name
    "start": _OFFICE | {"today", "day", "phone", "hours"},
    "form": _OFFICE | {"minutes", "day"},
    "choice": _OFFICE,
    "check": _OFFICE | {"count"},
    "receipt": _OFFICE | {"reference", "title", "address", "day"},
    "link": _OFFICE | {"reference", "title"},
    "status": _OFFICE | {"reference", "title", "day"},
    "privacy": _OFFICE,
}
LABEL_NAMES = _OFFICE | {"title", "reference", "day"}
_LETTER = _OFFICE | {"name", "title", "reference", "note"}
LETTERS: dict[str, frozenset[str]] = {  # what a letter of each kind may name; "" for what is empty
    "accept": _LETTER,
    "defer": _LETTER | {"until", "reason", "change"},
    "decline": _LETTER | {"reason", "change"},
    "redirect": _LETTER | {"passed_to", "reason"},
}


def _said() -> fields.Str:
    return shapes.wording(required=True)


def _points() -> fields.List[str]:
    return fields.List(shapes.wording(), required=True, validate=validate.Length(min=1, max=12))


class Door(Strict):
    """A way in; `branches` are those that it leads to."""

    branches = shapes.strings(required=True)
    title = _said()
    text = _said()
    button = _said()


class Item(Strict):
    title = _said()
    text = _said()


class Start(Strict):
    headline = _said()
    lead = _said()
    cost = _said()
    readers = _said()
    doors = shapes.many(Door)
    resume = _said()
    next_title = _said()
    next_lead = _said()
    at_once = _said()
    by_day = _said()
    after_yes = _said()
    what_title = _said()
    what_text = _said()
    what_points = _points()
    examples_title = shapes.wording()
    examples = fields.List(fields.Nested(Item))
    approvals_title = shapes.wording()
    approvals = fields.List(fields.Nested(Item))
    hand_title = _said()
    hand_points = _points()
    hand_note = _said()
    ask_title = _said()
    ask_text = _said()
    privacy = _said()


class Form(Strict):
    before = _said()
    saved = _said()
    not_sure_hint = _said()
    not_sure_thanks = _said()


class Choice(Strict):
    headline = _said()
    send_text = _said()
    send_button = _said()
    add_text = _said()
    add_button = _said()


class Check(Strict):
    headline = _said()
    agenda_title = _said()
    agenda_text = _said()
    send_button = _said()
    after_sending = _said()


class Receipt(Strict):
    headline = _said()
    lead = _said()
    mail = _said()
    next_title = _said()
    status_button = _said()


class Link(Strict):
    headline = _said()
    text = _said()
    button = _said()


class Status(Strict):
    sent = _said()
    late = _said()
    steps_title = _said()
    received = _said()
    approval = _said()
    contact_title = _said()
    handed_over = _said()
    letters_title = _said()
    no_letter = _said()


class Privacy(Strict):
    headline = _said()
    paragraphs = _points()


class Texts(Strict):
    start = fields.Nested(Start, required=True)
    form = fields.Nested(Form, required=True)
    choice = fields.Nested(Choice, required=True)
    check = fields.Nested(Check, required=True)
    receipt = fields.Nested(Receipt, required=True)
    link = fields.Nested(Link, required=True)
    status = fields.Nested(Status, required=True)
    privacy = fields.Nested(Privacy, required=True)


class PublicLabel(Strict):
    """`promise`: the promised date that `next` waits for, as {{day}}."""

    label = _said()
    meaning = _said()
    needed = _said()
    next = shapes.wording()
    promise = fields.Str(validate=validate.OneOf(["first_reply", "meeting", "decision"]))


class Reason(Strict):
    """`label` is read by the office; `wording` and `change` go into a letter of these kinds."""

    value = shapes.name(required=True)
    label = _said()
    letters = shapes.strings(required=True, validate=validate.ContainsOnly(list(LETTERS)))
    wording = shapes.wording()
    change = shapes.wording()


class Label(Strict):
    label = _said()
    hint = shapes.wording()


class LetterText(Strict):
    subject = fields.Str(required=True, validate=validate.Length(min=1, max=120))
    text = fields.Str(required=True, validate=validate.Length(min=1, max=8000))
