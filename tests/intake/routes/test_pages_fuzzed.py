"""Any post to the form is answered by a page, and the other pages still open."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.models import Proposal
from tests.apps import on_sqlite
from tests.factories import count, sample
from tests.intake import form_filling as typed
from tests.intake.browsing import HTML, get

PAGES = ("start", "you", "idea", "learners", "shape", "plan", "contacts", "partnership",
         "details", "demand", "credential", "success", "send")  # fmt: skip
ODD = ("~not_sure", "yes", "\x00", "-1", "1.5", "9" * 400, "a@b.org", "partner", "faculty",
       "é" * 600, "\u3164", "\n\n", "{{x}}", "[]", "null", "2027-13", "https://x.org")  # fmt: skip
ENDINGS = ("", ".x", ".1.name", ".from", ".not_sure", ".99999999999.email")
PRESSED = (("go", "next"), ("go", "later"), ("add", "skills"), ("remove", "skills:1"),
           ("remove", "co_proposers:99999999999"), ("add", "nothing"))  # fmt: skip

texts = st.one_of(st.sampled_from(ODD), st.text(st.characters(codec="utf-8"), max_size=20))
values = st.lists(texts, min_size=1, max_size=3)


@on_sqlite
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["partner-sterile-processing", "faculty-full-water-testing"])
def test_no_post_breaks_a_page(apps: dict[str, Flask], page: str, name: str):
    client = apps["intake"].test_client()
    typed.core(client, sample(name))
    shown = get(client, "/draft/check" if page == "send" else f"/draft/{page}")
    address = shown.form.action or shown.address
    names = sorted({control.name for control in shown.form.controls if control.kind != "hidden"})
    hidden = {
        control.name: control.value for control in shown.form.controls if control.kind == "hidden"
    }

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        said=st.dictionaries(st.sampled_from(names), values),
        strange=st.dictionaries(
            st.tuples(st.sampled_from(names), st.sampled_from(ENDINGS)), values, max_size=3
        ),
        pressed=st.sampled_from(PRESSED),
    )
    def posted(said: Any, strange: Any, pressed: tuple[str, str]) -> None:
        odd = {name + ending: given for (name, ending), given in strange.items()}
        answers(client, address, hidden | said | odd | {pressed[0]: pressed[1]})

    posted()
    assert count(apps["intake"], Proposal) <= 1


def answers(client: FlaskClient, path: str, data: dict[str, Any]) -> None:
    """The post is answered by a page or leads to one; so are the pages that show what it left."""
    answer = client.post(path, data=data, headers=HTML)
    assert answer.status_code in (303, 200, 409), (answer.status_code, data)
    for shown in ("/draft/check", "/draft/more", "/draft/"):
        assert client.get(shown, headers=HTML).status_code in (200, 303), data
