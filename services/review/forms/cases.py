"""What is typed on the page of a case; each form knows the revision that it was shown with."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, StopValidation, ValidationError
from wtforms.widgets import HiddenInput

from services.review.forms.texts import Line, Text, required
from services.review.labels import DECISIONS
from shared.profile import Profile

MAX_REASON = 1000  # characters
MAX_LETTER = 8000
MAX_MESSAGE = 4000
MAX_SUBJECT = 200


def _depends(form: Any, field: Any) -> None:
    """Asked by some decisions only: neither marked as optional nor missed where it is not asked."""
    if form.kind.data not in ASKED_BY[field.short_name]:
        field.data, field.errors = None, []
        raise StopValidation()


_depends.field_flags = {"required": True}  # type: ignore[attr-defined]  # wtforms reads it

ASKED_BY = {"reason": ("defer", "decline"), "until": ("defer",)}


class CaseForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A button on the page of a case."""

    revision = IntegerField(
        validators=[InputRequired("Open the case again.")], widget=HiddenInput()
    )


class ReasonForm(CaseForm):
    """An act that asks why."""

    reason = TextAreaField(
        "Why?", [required("Say why: it stands in the record."), Text(MAX_REASON)]
    )


class Reassign(CaseForm):
    to = SelectField("Hand over to", validate_choice=False)
    reason = TextAreaField("A word to go with it", [Text(MAX_REASON)])


class Transfer(ReasonForm):
    office = SelectField("Office", validate_choice=False)


class SendMessage(CaseForm):
    text = TextAreaField("Your message", [required("Write something to send."), Text(MAX_MESSAGE)])


class AddNote(CaseForm):
    note = TextAreaField(
        "Note",
        [required("Write something to keep."), Text(MAX_MESSAGE)],
        description="To have a colleague told by mail, write @ and a name.",
    )


class ResolveMail(CaseForm):
    """What became of a mail in doubt; it knows how the mail was shown."""

    version = IntegerField(validators=[InputRequired("Open the case again.")], widget=HiddenInput())
    answer = RadioField(
        choices=[SelectChoice("arrived", "It arrived"), SelectChoice("again", "Send it again")],
        validators=[DataRequired("Choose one of the two.")],
    )


class EditLetter(CaseForm):
    subject = StringField("Subject", [required("A letter needs a subject."), Line(MAX_SUBJECT)])
    text = TextAreaField(
        "Letter", [required("The letter is empty."), Text(MAX_LETTER)], render_kw={"rows": 18}
    )


class Decide(CaseForm):
    """What was decided; `offer` must be called before it is validated or shown."""

    kind = RadioField(
        "Decision",
        [DataRequired("Choose what you have decided.")],
        choices=[SelectChoice(value, label) for value, label in DECISIONS.items()],
        validate_choice=False,
    )
    reason = SelectField(
        "Reason",
        [_depends],
        validate_choice=False,
        description="Only to put on hold or to decline. It goes into the letter in our words.",
    )
    wording = TextAreaField(
        "The reason in your words",
        [Text(MAX_REASON)],
        description="Leave it empty to use our words for this reason, which are listed above.",
    )
    change = TextAreaField(
        "What would change it",
        [Text(MAX_REASON)],
        description="Leave it empty to use our words here too.",
    )
    until = DateField(
        "On hold until",
        [_depends],
        description="Only to put on hold. That day it is back in triage by itself.",
    )
    note = TextAreaField(
        "Anything else to say",
        [Text(MAX_REASON)],
        description="It goes into the letter as you write it.",
    )

    def offer(self, profile: Profile, *, today: Any) -> None:
        """Give the reasons of this profile, and the day after which a hold may end."""
        self.profile, self.today = profile, today
        self.reason.choices = [SelectChoice(one["value"], one["label"]) for one in profile.reasons]

    def validate_kind(self, field: Any) -> None:
        if field.data not in DECISIONS:
            raise ValidationError("Choose one of these.")

    def validate_reason(self, field: Any) -> None:
        fitting = {one["value"]: one for one in self.profile.reasons}
        chosen = fitting.get(field.data)
        if chosen is None:
            raise ValidationError("Choose a reason: the letter gives it.")
        if self.kind.data not in chosen["letters"]:
            raise ValidationError(
                f"“{chosen['label']}” does not go with this decision. Choose another reason."
            )

    def validate_wording(self, field: Any) -> None:
        chosen = [one for one in self.profile.reasons if one["value"] == self.reason.data]
        if chosen and "wording" not in chosen[0] and not field.data:
            raise ValidationError("Write the reason: we have no words of our own for this one.")

    def validate_until(self, field: Any) -> None:
        if field.data is None or field.data <= self.today:
            field.errors = []  # ours says it all
            raise ValidationError("Give a day to come on which we take it up again.")
