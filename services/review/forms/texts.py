"""Validators for every typed text: one normal form, no character that hurts a reader."""

from typing import Any

from wtforms import IntegerField
from wtforms.validators import StopValidation

from services.review.staff import people
from shared import typed
from shared.profile import Profile
from shared.profile.answers import characters


class Number(IntegerField):  # type: ignore[misc]  # wtforms has no types
    """A number that a page wrote: ASCII digits alone, though `int` reads other spellings."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and not (valuelist[0].isascii() and valuelist[0].isdecimal()):
            raise ValueError("Reload this page.")
        super().process_formdata(valuelist)


class Line:
    """A validator: one clean line of at most so many characters; "" where nothing was typed."""

    def __init__(self, most: int):
        self.most = most

    def __call__(self, form: Any, field: Any) -> None:
        _clean(field, characters.line, self.most)


class Text:
    """As `Line`, with line feeds."""

    def __init__(self, most: int):
        self.most = most

    def __call__(self, form: Any, field: Any) -> None:
        _clean(field, characters.lines, self.most)


def required(message: str) -> Any:
    """A validator: something that can be seen must be there."""

    def check(form: Any, field: Any) -> None:
        if characters.blank(field.data or ""):
            raise StopValidation(message)

    check.field_flags = {"required": True}  # type: ignore[attr-defined]  # wtforms reads it
    return check


def check_email(field: Any, *, profile: Profile | None, whose: str = "a") -> None:
    """Refuse text that is no full email address. The example has the domain of the office."""
    if not people.is_email(field.data or ""):
        contact = profile.offices[0]["contact"]["email"] if profile else "name@university.example"
        domain = contact.partition("@")[2]
        raise StopValidation(f"Enter {whose} full email address, such as name@{domain}.")


def one_of_choices(message: str) -> Any:
    """A validator that accepts only offered choices."""

    def check(form: Any, field: Any) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise StopValidation(message)

    check.field_flags = {"required": True}  # type: ignore[attr-defined]  # wtforms reads it
    return check


def _clean(field: Any, clean: Any, most: int) -> None:
    try:
        text = clean(typed.text(field.data or ""))
    except characters.Unusable as error:
        raise StopValidation(str(error)) from None
    if len(text) > most:
        raise StopValidation(f"Use at most {most:,} characters. You entered {len(text):,}.")
    field.data = "" if characters.blank(text) else text
