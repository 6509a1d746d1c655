"""The routes of intake: the pages, the API, and the status of a proposal."""

from services.intake.routes import (
    drafts,
    proposals,
    save_and_return,
    sign_in_links,
    start,
    submit,
    template_context,
)
from services.intake.routes.mailed_links import reminders
from services.intake.routes.status_page import messages, status

BLUEPRINTS = (
    template_context.bp,
    start.bp,
    submit.bp,
    save_and_return.bp,
    drafts.bp,
    sign_in_links.bp,
    reminders.bp,
    status.bp,
    messages.bp,
    proposals.bp,
)
