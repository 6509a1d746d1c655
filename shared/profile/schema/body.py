"""The marshmallow schema of the profile: its keys and their types.

Rules between two places (a condition names a question, a unit names an office) are in `checks.py`,
which runs after this schema has passed.
"""

import re
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.profile.answers import values
from shared.profile.schema import shapes
from shared.profile.schema.questions import Question, Section
from shared.profile.schema.shapes import Listed, Strict
from shared.profile.schema.texts import LETTERS, Label, LetterText, PublicLabel, Reason, Texts


def _zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValidationError("is not a time zone, such as America/New_York") from None


def _day(text: str) -> None:
    try:
        if date.fromisoformat(text).isoformat() == text:
            return
    except ValueError:
        pass
    raise ValidationError("is not a date, such as 2026-11-26")


def _mailbox(address: str) -> None:
    try:
        values.email({"type": "email"}, address)
    except ValidationError:
        raise ValidationError("is not an email address") from None


def _color() -> fields.Str:
    error = "is not a color, such as #0d4a5b"
    return fields.Str(required=True, validate=validate.Regexp("#[0-9a-f]{6}$", error=error))


class Institution(Strict):
    name = shapes.wording(required=True)
    short_name = shapes.wording(required=True)
    currency = fields.Str(required=True, validate=validate.Regexp("[A-Z]{3}$"))
    time_zone = fields.Str(required=True, validate=_zone)


class Colors(Strict):
    brand = _color()
    on_brand = _color()
    accent = _color()
    radius = fields.Str(required=True, validate=validate.Regexp("[0-9]{1,2}px$"))


class Promise(Strict):
    days = fields.Int(required=True, strict=True, validate=validate.Range(min=1, max=250))
    wording = shapes.by_name(shapes.wording(), required=True)


class Promises(Strict):
    first_reply = fields.Nested(Promise, required=True)
    meeting = fields.Nested(Promise, required=True)
    decision = fields.Nested(Promise, required=True)


class WorkingHours(Strict):
    """Full hours of the local day, 0 to 24."""

    opens = fields.Int(required=True, strict=True, validate=validate.Range(min=0, max=23))
    closes = fields.Int(required=True, strict=True, validate=validate.Range(min=1, max=24))

    @validates_schema
    def _in_order(self, hours: dict[str, int], **_: object) -> None:
        if hours["closes"] <= hours["opens"]:
            raise ValidationError("is not after opens", "closes")


class Holiday(Strict):
    date = fields.Str(required=True, validate=_day)
    name = shapes.wording(required=True)


class Person(Strict):
    name = shapes.wording(required=True)
    title = shapes.wording()
    email = fields.Str(required=True, validate=_mailbox)


class Office(Listed):
    place = shapes.wording(required=True)
    contact = fields.Nested(Person, required=True)
    contact_title = shapes.wording()
    phone = shapes.wording()
    hours = shapes.wording()


class Unit(Listed):
    kind = fields.Str(required=True, validate=validate.OneOf(["academic", "non_academic"]))
    office = shapes.name(required=True)
    approver = fields.Nested(Person, required=True)


class Term(Listed):
    starts = fields.Str(required=True, validate=_day)


_EITHER = re.compile(r"\{\{#if [a-z_]+\}\}(.*?)\{\{/if\}\}")
MAX_SUBJECT = 60  # characters; of parts under #if, one is shown


def _is_short(subject: str) -> None:
    if subject.count("{{#if ") != subject.count("{{/if}}"):
        raise ValidationError("{{#if}} without {{/if}}, or the other way round.")
    longest = max((len(part) for part in _EITHER.findall(subject)), default=0)
    if len(_EITHER.sub("", subject)) + longest > MAX_SUBJECT:
        raise ValidationError(f"Longer than {MAX_SUBJECT} characters.")


class Mail(Strict):
    subject = fields.Str(required=True, validate=[validate.Length(min=1), _is_short])
    text = fields.Str(required=True, validate=validate.Length(min=1, max=8000))


class Wording(Strict):
    send_now_or_add = shapes.wording(required=True)
    not_sure = shapes.wording(required=True)
    beside_send = shapes.wording(required=True)


class PlainWords(Strict):
    max_grade = shapes.whole_number(required=True)
    never = shapes.strings(required=True)


class Pages(Strict):
    max_questions = shapes.whole_number(required=True)
    core_minutes = shapes.by_name(shapes.whole_number(), required=True)


class Body(Strict):
    """The whole profile."""

    institution = fields.Nested(Institution, required=True)
    colors = fields.Nested(Colors, required=True)
    promises = fields.Nested(Promises, required=True)
    working_hours = fields.Nested(WorkingHours)
    holidays = fields.List(fields.Nested(Holiday), required=True)
    offices = shapes.many(Office)
    units = shapes.many(Unit)
    terms = shapes.many(Term)
    goals = shapes.many(Listed)
    sectors = shapes.many(Listed)
    form = shapes.name(required=True)
    version = shapes.whole_number(required=True)
    languages = shapes.strings(required=True, validate=validate.Length(min=1))
    branches = shapes.strings(required=True, validate=validate.Length(min=1))
    branch_question = shapes.name(required=True)
    wording = fields.Nested(Wording, required=True)
    plain_words = fields.Nested(PlainWords, required=True)
    pages = fields.Nested(Pages, required=True)
    roles = shapes.by_name(shapes.wording(), required=True)
    sections = shapes.many(Section)
    questions = shapes.many(Question)
    mails = shapes.by_name(shapes.by_name(fields.Nested(Mail)), required=True)
    letters = shapes.by_name(shapes.by_name(fields.Nested(LetterText)), required=True)
    texts = fields.Nested(Texts, required=True)
    public_labels = shapes.by_name(fields.Nested(PublicLabel), required=True)
    reasons = shapes.many(Reason)
    states = shapes.by_name(fields.Nested(Label), required=True)
    flags = shapes.by_name(fields.Nested(Label), required=True)
    four_eyes = shapes.strings(validate=validate.ContainsOnly(list(LETTERS)))
    translations = shapes.by_name(fields.Dict(keys=shapes.wording(), values=shapes.wording()))
