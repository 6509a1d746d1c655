"""The doors of review: the pages of the office, and cases as JSON."""

from services.review.routes import (
    account,
    api,
    cases,
    decisions,
    monitoring,
    password_links,
    queue,
    staff,
)

PAGES = (account, password_links, staff, monitoring, queue, cases, decisions, api)
BLUEPRINTS = tuple(module.bp for module in PAGES)
