"""An idea of its own that is typed in a browser, and what its draft then holds."""

import copy
import uuid
from typing import Any

from playwright.sync_api import Page

from services.intake.models import Draft
from shared import references
from tests.browser.suite import Suite
from tests.factories import rows, sample

NAME = "#contact_name"
KEPT = "[data-kept]"


def an_idea() -> dict[str, Any]:
    """The small sample with a mailbox of its own."""
    body = copy.deepcopy(sample("partner-half-idea"))
    body["answers"]["contact_email"] = f"{uuid.uuid4().hex}@harborhealth.example"
    return body


def stored(suite: Suite, page: Page) -> dict[str, Any]:
    """What the draft of this page holds."""
    reference = references.parse(page.url.split("/")[4])
    (draft,) = rows(suite.apps["intake"], Draft, Draft.reference == reference)
    return dict(draft.typed)


def waits_for_name(suite: Suite, page: Page, name: str) -> None:
    """Until the draft holds this name."""
    for _ in range(100):
        if stored(suite, page).get("contact_name") == name:
            return
        page.wait_for_timeout(100)
    assert stored(suite, page).get("contact_name") == name
