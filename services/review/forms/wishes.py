"""What somebody of the office chooses to have mailed, and when."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from services.review import wishes
from services.review.forms.texts import one_of_these
from services.review.models import Staff
from services.review.words import WHEN, WISHES


def of(member: Staff, **more: Any) -> Any:
    """The form of this person: a choice a kind of mail that is offered to her."""
    offered = wishes.offered(member)
    known = {kind: wishes.of(member, kind) for kind in offered}
    return _form(offered)(data=known, **more)


def _form(offered: dict[str, tuple[str, str]]) -> type[Any]:
    fields = {
        kind: SelectField(
            WISHES[kind],
            [one_of_these("Choose one of these.")],
            validate_choice=False,
            choices=[SelectChoice(wish, WHEN[wish]) for wish in possible],
        )
        for kind, possible in offered.items()
    }
    return type("Wishes", (FlaskForm,), fields)
