"""Refuses a change that another site asks for, where the browser says so.

A second wall behind the tokens of the forms. Old browsers and programs say nothing and pass; a
browser that hides the origin (`null`, as for our own pages without a referrer) passes too.
"""

from collections.abc import Callable
from typing import TypeVar

from flask import current_app, request

from shared.web import browsers
from shared.web.problems import Problem

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
View = TypeVar("View", bound=Callable[..., object])


def acts_on_token(view: View) -> View:
    """Mark a view that acts on the token in its address alone, as mail programs call it."""
    view.acts_on_token = True  # type: ignore[attr-defined]
    return view


def check() -> None:
    """Raises Problem 403 for a change that another site asks for."""
    view = current_app.view_functions.get(request.endpoint or "")
    allowed = getattr(view, "acts_on_token", False)
    if request.method in CHANGING and not allowed and browsers.from_elsewhere():
        raise Problem(403, "foreign", "This came from another site. Open our page and try again.")
