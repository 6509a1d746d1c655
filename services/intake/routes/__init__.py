"""The doors of intake: the pages, the API, and how a proposal stands."""

from services.intake.routes import (
    access,
    drafts,
    pages,
    proposals,
    sending,
    start,
    status,
    stopping,
)

BLUEPRINTS = (
    pages.bp,
    start.bp,
    sending.bp,
    stopping.bp,
    drafts.bp,
    access.bp,
    status.bp,
    proposals.bp,
)
