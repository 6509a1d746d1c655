"""Addresses of pages, for the services that mail or show a link to another service."""

from urllib.parse import urlencode

from flask import current_app

from shared import references


def status(reference: str) -> str:
    """The status page of a proposal; the address holds no secret."""
    return f"{current_app.config['INTAKE_URL'].rstrip('/')}/status/{references.display(reference)}"


def start() -> str:
    """The start page for proposers."""
    return f"{current_app.config['INTAKE_URL'].rstrip('/')}/"


def case(reference: str) -> str:
    """The office's page of the case."""
    return f"{current_app.config['REVIEW_URL'].rstrip('/')}/cases/{references.display(reference)}"


def queue(**filters: str) -> str:
    """The office's queue, with these filters."""
    query = f"?{urlencode(filters)}" if filters else ""
    return f"{current_app.config['REVIEW_URL'].rstrip('/')}/{query}"


def account() -> str:
    """The page where staff choose which mails they get."""
    return f"{current_app.config['REVIEW_URL'].rstrip('/')}/account"


def password(token: str) -> str:
    """A mailed link for staff to set a password; the token is secret."""
    return f"{current_app.config['REVIEW_URL'].rstrip('/')}/password/{token}"


def operations() -> str:
    """The administrators' page about the services."""
    return f"{current_app.config['REVIEW_URL'].rstrip('/')}/operations"


def stop_reminders(token: str) -> str:
    """The address that ends the reminders of a draft by a POST. It opens nothing."""
    return f"{current_app.config['INTAKE_URL'].rstrip('/')}/reminders/{token}"


def go(token: str) -> str:
    """A mailed sign-in link; the page opens after the press of a button. The token is secret."""
    return f"{current_app.config['INTAKE_URL'].rstrip('/')}/go/{token}"
