"""Where pages of one service stand, for those of another that mail or show a link to them."""

from urllib.parse import urlencode

from flask import current_app

from shared import references


def status(reference: str) -> str:
    """The proposer's page about how it stands; carries no secret."""
    return f"{current_app.config['INTAKE_URL'].rstrip('/')}/status/{references.display(reference)}"


def start() -> str:
    """Where everybody begins."""
    return f"{current_app.config['INTAKE_URL'].rstrip('/')}/"


def case(reference: str) -> str:
    """The office's page of the case."""
    return f"{current_app.config['REVIEW_URL'].rstrip('/')}/cases/{references.display(reference)}"


def queue(**wanted: str) -> str:
    """The office's queue, with these filters."""
    asked = f"?{urlencode(wanted)}" if wanted else ""
    return f"{current_app.config['REVIEW_URL'].rstrip('/')}/{asked}"


def account() -> str:
    """Where somebody of the office chooses what is mailed to her."""
    return f"{current_app.config['REVIEW_URL'].rstrip('/')}/account"


def password(token: str) -> str:
    """A mailed link with which somebody of the office chooses a password; the token is secret."""
    return f"{current_app.config['REVIEW_URL'].rstrip('/')}/password/{token}"


def operations() -> str:
    """The administrators' page about the services."""
    return f"{current_app.config['REVIEW_URL'].rstrip('/')}/operations"


def go(token: str) -> str:
    """A mailed link that opens somebody's page after a button was pressed; the token is secret."""
    return f"{current_app.config['INTAKE_URL'].rstrip('/')}/go/{token}"
