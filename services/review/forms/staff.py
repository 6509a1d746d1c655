"""Forms for the accounts of staff."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from services.review.forms.texts import Line, check_email, one_of_choices, required
from services.review.labels import ROLE_LABELS
from services.review.models.people import ROLES
from shared.profile import Profile

EVERY_OFFICE = "every"


class ChangeRole(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The role and office of a member of staff."""

    role = SelectField(
        "Role",
        [one_of_choices("Choose a role.")],
        validate_choice=False,
        choices=[SelectChoice(role, ROLE_LABELS[role]) for role in ROLES],
    )
    office = SelectField("Office", [one_of_choices("Choose an office.")], validate_choice=False)

    def __init__(self, profile: Profile, **options: object):
        super().__init__(**options)
        self.profile = profile
        offices = [SelectChoice(office["value"], office["label"]) for office in profile.offices]
        self.office.choices = [SelectChoice(EVERY_OFFICE, "All offices"), *offices]


class Invite(ChangeRole):
    name = StringField(
        "Name",
        [required("Enter a name."), Line(120)],
        description="As proposers and colleagues will see it.",
    )
    email = EmailField("Email", [required("Enter an email address."), Line(254)])

    def validate_email(self, field: Any) -> None:
        check_email(field, profile=self.profile)


def office_of(form: ChangeRole) -> str | None:
    """The chosen office; None for all offices."""
    return None if form.office.data == EVERY_OFFICE else form.office.data
