"""A form is read to the letter: a text sent as a file or a number spelled oddly is refused."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from tests.apps import on_sqlite
from tests.intake import form_filling
from tests.intake.browsing import HTML
from tests.review.office import case_of, do, received, signed_in

pytestmark = on_sqlite


def test_a_text_that_comes_as_a_file_is_refused_and_not_dropped(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = form_filling.begin(client, "partner")
    typed: dict[str, Any] = {name: value for name, value in page.form.data() if value}
    typed |= {"go": "on", "org_name": (BytesIO(b"Okafor Millwork"), "a.txt")}
    answer = client.post(page.path, data=typed, headers=HTML, content_type="multipart/form-data")
    assert answer.status_code == 400


@pytest.mark.parametrize("spelling", ["+{}", " {}", "{} ", "0_{}", "\u0660{}", "{}.0", "-{}"])
def test_only_ascii_digits_are_a_revision(apps: dict[str, Flask], spelling: str):
    review = apps["review"]
    (reference,) = received(review)
    client = signed_in(review)
    shown = case_of(review, reference).revision
    answer = do(client, reference, "take", revision=spelling.format(shown))
    assert answer.status in (400, 409, 422)
    assert case_of(review, reference).owner_id is None
    assert do(client, reference, "take").status == 303
