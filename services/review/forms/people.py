"""What an administrator types about the people of the office."""

from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from services.review.forms.texts import Line, needed
from services.review.models.people import ROLES
from services.review.words import ROLE_WORDS
from shared.profile import Profile

EVERY_OFFICE = ""


class Place(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """What somebody may do, and for whom."""

    role = SelectField("Role", choices=[SelectChoice(role, ROLE_WORDS[role]) for role in ROLES])
    office = SelectField("Office")

    def __init__(self, profile: Profile, **more: object):
        super().__init__(**more)
        offices = [SelectChoice(office["value"], office["label"]) for office in profile.offices]
        self.office.choices = [SelectChoice(EVERY_OFFICE, "Every office"), *offices]


class Invite(Place):
    name = StringField(
        "Name",
        [needed("Type the name."), Line(120)],
        description="As proposers and colleagues read it.",
    )
    email = EmailField("Email", [needed("Type the email address."), Line(254)])
