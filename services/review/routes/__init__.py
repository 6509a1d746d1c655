"""The doors of review: the pages of the office, and cases as JSON."""

from services.review.routes import account, api, cases, decisions, keys, operations, people, queue

PAGES = (account, keys, people, operations, queue, cases, decisions, api)
BLUEPRINTS = tuple(module.bp for module in PAGES)
