"""Signing in, the own password, and where to go after."""

import re
from typing import Any

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField

from services.review.forms.texts import Line, check_email, required
from shared.profile import Profile

_SEGMENT = r"[A-Za-z0-9._~!$&'()*+,;=:@%-]"
_OWN_PATH = re.compile(rf"/(?:{_SEGMENT}+(?:/{_SEGMENT}*)*)?(?:\?(?:{_SEGMENT}|[/?])*)?")


def own_path(path: str) -> str:
    """Where to go after signing in: the given path if it is surely one of ours, else "/".

    An allow-list, because browsers fold tabs and backslashes that parsers of URLs let pass.
    """
    sound = len(path) <= 512 and _OWN_PATH.fullmatch(path) and "/." not in path
    return path if sound and "//" not in path else "/"


class SignIn(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    email = EmailField(
        "Email", [required("Enter your email address.")], render_kw={"autocomplete": "username"}
    )
    password = PasswordField("Password", [required("Enter your password.")])
    next = HiddenField()


class ChangePassword(FlaskForm):  # type: ignore[misc]
    current = PasswordField("Current password", [required("Enter the password that you use now.")])
    new = PasswordField(
        "New password",
        [required("Enter a new password.")],
        description="At least 12 characters. Several unrelated words work well.",
    )


class RequestLink(FlaskForm):  # type: ignore[misc]
    profile: Profile | None = None  # names the domain of the example

    email = EmailField(
        "Email",
        [required("Enter your email address."), Line(254)],
        render_kw={"autocomplete": "username"},
    )

    def validate_email(self, field: Any) -> None:
        check_email(field, profile=self.profile, whose="your")


class ChoosePassword(FlaskForm):  # type: ignore[misc]
    new = PasswordField(
        "Password",
        [required("Enter a password.")],
        description="At least 12 characters. Several unrelated words work well.",
    )


class Button(FlaskForm):  # type: ignore[misc]
    """A form of nothing but a button: only its token is checked."""
