"""The routes of intake: the pages, the API, and the status of a proposal."""

from services.intake.routes import (
    drafts,
    proposals,
    reminders,
    save_and_return,
    sign_in_links,
    start,
    status,
    submit,
    template_context,
)

BLUEPRINTS = (
    template_context.bp,
    start.bp,
    submit.bp,
    save_and_return.bp,
    drafts.bp,
    sign_in_links.bp,
    reminders.bp,
    status.bp,
    proposals.bp,
)
