"""The doors of review: the pages of the office, and cases as JSON."""

from services.review.routes import (
    account,
    api,
    decisions,
    monitoring,
    password_links,
    queue,
    staff,
)
from services.review.routes.cases import assignment, conversation, emails, page, reopening

CASES = (page, assignment, conversation, emails, reopening)  # they share one blueprint
PAGES = (account, password_links, staff, monitoring, queue, page, decisions, api)
BLUEPRINTS = tuple(module.bp for module in PAGES)
