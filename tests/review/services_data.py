"""Reports of the services and failed events, as review receives them."""

from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from services.notify import timers
from services.review.monitoring import service_status
from shared.worker import status_report
from tests.factories import an_event, id_of
from tests.fakes import carry, take


def report_services(apps: dict[str, Flask]) -> None:
    """Every service tells how it stands, and review hears it."""
    more: dict[str, dict[str, Any]] = {"notify": {"mail": timers.mail_report}, "intake": {}}
    for service, given in (more | {"review": {"deliver": service_status.record_status}}).items():
        with apps[service].app_context():
            status_report.report(service=service, **given)
    carry(apps)


def failed_event(app: Flask) -> UUID:
    """An event of a kind that this release does not know, set apart by this service."""
    event = an_event("mail.requested.v1", mail_id=uuid4(), kind="from_the_future",
                     dedupe_key=f"future:{uuid4()}")  # fmt: skip
    take(app, event)
    return id_of(event)


def unknown_profile_version() -> str:
    """The version of a profile that comes later; another each time, as versions are remembered."""
    return uuid4().hex * 2
