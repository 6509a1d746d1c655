"""The schema of the texts of public pages, letters and lists of the office.

Texts are in the first language of the profile; `translations` holds the others. Letters and mails
have paragraphs, so each language has its own text. The placeholders of each text are defined here
too, so the code that fills them in knows which values to pass.
"""

from marshmallow import fields, validate

from shared.events import CaseChanged
from shared.profile.schema import shapes
from shared.profile.schema.shapes import Strict

_label_field = CaseChanged().fields["public_label"].validate
PUBLIC_LABELS: tuple[str, ...] = tuple(_label_field.choices)  # type: ignore[union-attr]  # a OneOf

# The states of a case inside the office, and the flags that rules may raise.
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
PAGES: dict[str, frozenset[str]] = {  # the placeholders of each page
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
LETTERS: dict[str, frozenset[str]] = {  # the placeholders of each letter; "" for an empty one
    "accept": _LETTER,
    "defer": _LETTER | {"until", "reason", "change"},
    "decline": _LETTER | {"reason", "change"},
    "redirect": _LETTER | {"passed_to", "reason"},
}


def _text() -> fields.Str:
    return shapes.wording(required=True)


def _points() -> fields.List[str]:
    return fields.List(shapes.wording(), required=True, validate=validate.Length(min=1, max=12))


class Door(Strict):
    """An entry to the form; `branches` are the branches it leads to."""

    branches = shapes.strings(required=True)
    title = _text()
    text = _text()
    button = _text()


class Item(Strict):
    title = _text()
    text = _text()


class Start(Strict):
    headline = _text()
    lead = _text()
    cost = _text()
    readers = _text()
    doors = shapes.many(Door)
    resume = _text()
    next_title = _text()
    next_lead = _text()
    at_once = _text()
    by_day = _text()
    after_yes = _text()
    what_title = _text()
    what_text = _text()
    what_points = _points()
    examples_title = shapes.wording()
    examples = fields.List(fields.Nested(Item))
    approvals_title = shapes.wording()
    approvals = fields.List(fields.Nested(Item))
    hand_title = _text()
    hand_points = _points()
    hand_note = _text()
    ask_title = _text()
    ask_text = _text()
    privacy = _text()


class Form(Strict):
    before = _text()
    saved = _text()
    not_sure_hint = _text()
    not_sure_thanks = _text()


class Choice(Strict):
    headline = _text()
    send_text = _text()
    send_button = _text()
    add_text = _text()
    add_button = _text()


class Check(Strict):
    headline = _text()
    agenda_title = _text()
    agenda_text = _text()
    send_button = _text()
    after_sending = _text()


class Receipt(Strict):
    headline = _text()
    lead = _text()
    mail = _text()
    next_title = _text()
    status_button = _text()


class Link(Strict):
    headline = _text()
    text = _text()
    button = _text()


class Status(Strict):
    sent = _text()
    late = _text()
    steps_title = _text()
    received = _text()
    approval = _text()
    contact_title = _text()
    handed_over = _text()
    letters_title = _text()
    no_letter = _text()


class Privacy(Strict):
    headline = _text()
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
    """`promise` names the date that `next` shows as {{day}}; hold is when an idea is reopened."""

    label = _text()
    meaning = _text()
    needed = _text()
    next = shapes.wording()
    promise = fields.Str(validate=validate.OneOf(["first_reply", "meeting", "decision", "hold"]))


class Reason(Strict):
    """`label` is for the office; `wording` and `change` go into letters of these kinds."""

    value = shapes.name(required=True)
    label = _text()
    letters = shapes.strings(required=True, validate=validate.ContainsOnly(list(LETTERS)))
    wording = shapes.wording()
    change = shapes.wording()


class Label(Strict):
    label = _text()
    hint = shapes.wording()


class LetterText(Strict):
    subject = fields.Str(required=True, validate=validate.Length(min=1, max=120))
    text = fields.Str(required=True, validate=validate.Length(min=1, max=8000))
