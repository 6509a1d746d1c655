"""The doors of review: the pages of the office, and cases as JSON."""

from services.review.routes import account, api, cases, decisions, keys, people, queue

BLUEPRINTS = (account.bp, keys.bp, people.bp, queue.bp, cases.bp, decisions.bp, api.bp)
