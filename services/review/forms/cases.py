"""The forms on the page of a case; each knows the revision that it was shown with."""

from datetime import timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, StopValidation, ValidationError
from wtforms.widgets import HiddenInput

from services.review.forms.texts import Line, Number, Text, required
from services.review.labels import DECISIONS
from shared import dates
from shared.profile import Profile

MAX_REASON = 1000  # characters
MAX_LETTER = 8000
MAX_MESSAGE = 4000
MAX_SUBJECT = 200
MAX_HOLD = timedelta(days=3 * 365 + 1)  # a later year is a slip


def _depends(form: Any, field: Any) -> None:
    """Only some decisions ask for it. Never marked as optional; with another decision, what was
    chosen is cleared and the error says so.
    """
    decision = DECISIONS.get(form.kind.data)
    if form.kind.data in ASKED_BY[field.short_name]:
        return
    chosen = bool(field.data)
    field.data, field.raw_data, field.errors = None, [], []
    if chosen and decision:
        what = "reason" if field.short_name == "reason" else "date"
        raise StopValidation(
            f"“{decision}” takes no {what}, so it was cleared. Create the"
            " letter without it, or choose another decision."
        )
    raise StopValidation()


_depends.field_flags = {"required": True}  # type: ignore[attr-defined]  # wtforms reads it

ASKED_BY = {"reason": ("defer", "decline"), "until": ("defer",)}


class CaseForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A button on the page of a case."""

    revision = Number(validators=[InputRequired("Reload this case.")], widget=HiddenInput())


class ReasonForm(CaseForm):
    """An act that asks why."""

    reason = TextAreaField("Reason", [required("Enter a reason."), Text(MAX_REASON)])


class Reassign(CaseForm):
    to = SelectField("New owner", [required("Choose a colleague.")], validate_choice=False)
    reason = TextAreaField("Note to the new owner", [Text(MAX_REASON)])


class Transfer(ReasonForm):
    office = SelectField("Office", [required("Choose an office.")], validate_choice=False)


class SendMessage(CaseForm):
    text = TextAreaField("Message", [required("Enter a message."), Text(MAX_MESSAGE)])


class AddNote(CaseForm):
    note = TextAreaField(
        "Note",
        [required("Enter a note."), Text(MAX_MESSAGE)],
        description="Type @ and a name to notify a colleague.",
    )


class ResolveMail(CaseForm):
    """The outcome of a mail in doubt, and the state that the page showed."""

    version = Number(validators=[InputRequired("Reload this case.")], widget=HiddenInput())
    answer = RadioField(
        choices=[SelectChoice("arrived", "Mark as delivered"), SelectChoice("again", "Resend")],
        validators=[DataRequired("Choose “Mark as delivered” or “Resend.”")],
    )


class EditLetter(CaseForm):
    subject = StringField("Subject", [required("Enter a subject."), Line(MAX_SUBJECT)])
    text = TextAreaField(
        "Letter",
        [required("Enter the letter."), Text(MAX_LETTER)],
        render_kw={"rows": 18},
    )


class Decide(CaseForm):
    """What was decided; `offer` must be called before it is validated or shown."""

    kind = RadioField(
        "Decision",
        [DataRequired("Choose a decision.")],
        choices=[SelectChoice(value, label) for value, label in DECISIONS.items()],
        validate_choice=False,
    )
    reason = SelectField(
        "Reason",
        [_depends],
        validate_choice=False,
        description="For “Put on hold” and “Decline” only. The letter uses our standard wording.",
    )
    wording = TextAreaField(
        "Your own wording",
        [Text(MAX_REASON)],
        description="Leave empty to use the standard wording, which is listed above.",
    )
    change = TextAreaField(
        "What would change our decision",
        [Text(MAX_REASON)],
        description="Leave empty to use the standard wording.",
    )
    until = DateField(
        "On hold until",
        [_depends],
        description="For “Put on hold” only. The case reopens automatically on this day.",
    )
    note = TextAreaField(
        "Anything to add",
        [Text(MAX_REASON)],
        description="Appears in the letter as you write it.",
    )

    def offer(self, profile: Profile, *, today: Any) -> None:
        """Give the reasons of this profile, and the day after which a hold may end."""
        self.profile, self.today = profile, today
        self.reason.choices = [
            SelectChoice(reason["value"], _marked(reason)) for reason in profile.reasons
        ]

    def validate_kind(self, field: Any) -> None:
        if field.data not in DECISIONS:
            raise ValidationError("Choose a decision from the list.")

    def validate_reason(self, field: Any) -> None:
        fitting = {reason["value"]: reason for reason in self.profile.reasons}
        chosen = fitting.get(field.data)
        if chosen is None:
            raise ValidationError("Choose a reason. It goes into the letter.")
        if self.kind.data not in chosen["letters"]:
            labels = [
                reason["label"]
                for reason in self.profile.reasons
                if self.kind.data in reason["letters"]
            ]
            raise ValidationError(
                f"“{chosen['label']}” does not fit this decision. Choose one of these: "
                f"{'; '.join(labels)}."
            )

    def validate_wording(self, field: Any) -> None:
        chosen = [reason for reason in self.profile.reasons if reason["value"] == self.reason.data]
        if chosen and "wording" not in chosen[0] and not field.data:
            raise ValidationError("Enter your own wording. This reason has no standard wording.")

    def validate_until(self, field: Any) -> None:
        if field.data is None or field.data <= self.today:
            field.errors = []  # the one below is enough
            raise ValidationError("Enter a date in the future.")
        last = self.today + MAX_HOLD
        if field.data > last:
            day = dates.in_words(last, "en", today=self.today)
            raise ValidationError(
                f"A case can be on hold for at most three years. Enter a date up to {day}."
            )


def _marked(reason: dict[str, Any]) -> str:
    """The label of a reason, with its decision where only one of those on the page offers it."""
    fitting = [label for value, label in DECISIONS.items() if value in reason["letters"]]
    return f"{reason['label']} ({fitting[0]} only)" if len(fitting) == 1 else str(reason["label"])
