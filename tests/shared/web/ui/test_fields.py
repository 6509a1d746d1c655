"""A field is plain data; WTForms fields become one."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    Form,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from shared.profile.answers.messages import FullSentence
from shared.web import ui
from shared.web.ui import fields
from shared.web.ui import labels as ui_labels
from shared.web.ui.fields import Field
from tests.shared.web.ui import markup


def pairs(**labels: str) -> list[SelectChoice]:
    """Choices by value."""
    return [SelectChoice(value, label) for value, label in labels.items()]


class SignIn(Form):  # type: ignore[misc]  # WTForms has no types
    """One field of each type that staff pages use."""

    address = EmailField("Email", [InputRequired("Enter your email address.")], description="Work")
    secret = PasswordField("Password", [InputRequired()])
    code = StringField("Six-digit code", [InputRequired()])
    remark = TextAreaField("Remark")
    days = IntegerField("Days")
    state = SelectField("State", choices=pairs(open="Open", closed="Closed"))
    kind = RadioField("Kind", choices=pairs(a="First", b="Second"))
    tags = SelectMultipleField("Tags", choices=pairs(x="X", y="Y"))
    agreed = BooleanField("I agree")
    case = HiddenField()


def typed(**spec: str) -> SignIn:
    """The form as somebody sent it, validated."""
    form = SignIn(MultiDict(spec))
    form.validate()
    return form


def test_a_wtforms_field_becomes_a_field_with_label_hint_error_and_value():
    field = fields.as_field(typed(address="").address)
    assert (field.kind, field.name) == ("email", "address")
    assert (field.label, field.hint) == ("Email", "Work")
    assert field.errors == ["Enter your email address."] and not field.optional
    assert fields.as_field(typed(remark="  two\nlines ").remark).value == "  two\nlines "


def test_a_number_that_is_none_is_shown_as_it_was_typed():
    field = fields.as_field(typed(days="soon").days)
    assert field.value == "soon" and field.errors and field.optional


def test_choices_keep_what_was_chosen():
    form = typed(state="closed", kind="b", tags="y", agreed="y")
    assert fields.as_field(form.state).value == "closed"
    assert fields.as_field(form.kind).value == "b"
    assert fields.as_field(form.tags).value == ["y"]
    assert fields.as_field(form.agreed).value is True
    assert fields.as_field(form.state).choices[0] == {"value": "open", "label": "Open"}


def test_a_password_is_never_shown_again():
    assert fields.as_field(typed(secret="correct horse").secret).value == ""


def test_of_takes_what_wtforms_does_not_know():
    assert fields.of(typed().code, kind="code").kind == "code"


def test_a_whole_wtforms_form_renders_sound_markup():
    app = Flask(__name__)
    ui.init_app(app)
    source = '{% import "ui/forms.html" as forms %}<h1>x</h1>{{ forms.start("t") }}'
    source += "{{ forms.fields(form) }}{{ forms.finish() }}"
    with app.test_request_context():
        html = app.jinja_env.from_string(source).render(form=typed(address=""))
    assert markup.faults(html) == []
    assert markup.read(html).find("input", name="case")[0].get("type") == "hidden"


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="no such kind"):
        Field(kind="colour", name="x", label="X")


def test_a_dict_does_as_well_as_a_field():
    spec = {"kind": "text", "name": "a.b", "label": "A", "errors": ["Enter an answer."]}
    assert fields.as_field(spec) is spec
    assert fields.summary_lines([spec]) == [("a-b", "A: Enter an answer.")]


def test_a_summary_shows_an_error_that_names_its_question_without_the_label():
    errors = [FullSentence("Enter your name.")]
    named = Field(kind="text", name="name", label="Your name", errors=errors)
    assert fields.summary_lines([named]) == [("name", "Enter your name.")]


def test_an_error_of_a_group_leads_to_its_first_control_and_that_of_a_part_to_the_part():
    parts = [Field(kind="text", name=f"place.{name}", label=name) for name in ("one", "two")]
    whole = Field(kind="composite", name="place", label="Where?", parts=parts, errors=["Say."])
    assert fields.summary_lines([whole]) == [("place-one", "Where? Say.")]
    parts[1] = Field(kind="text", name="place.two", label="two", errors=["Write."])
    inner = Field(kind="composite", name="place", label="Where?", parts=parts)
    assert fields.summary_lines([inner]) == [("place-two", "two: Write.")]


def test_an_error_of_a_row_says_which_row():
    part = Field(kind="email", name="team.2.email", label="Email", errors=["Enter one."])
    row = Field(kind="composite", name="team.2", label="Person 2", parts=[part])
    team = Field(kind="rows", name="team", label="Who else?", parts=[row])
    assert fields.summary_lines([team]) == [("team-2-email", "Person 2, Email: Enter one.")]


def test_both_languages_have_the_same_words():
    assert ui_labels.LABELS["en"].keys() == ui_labels.LABELS["es"].keys()
