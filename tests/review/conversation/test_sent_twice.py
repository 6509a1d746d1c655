"""The same message is not sent twice, whether the first has left or not."""

import pytest
from flask import Flask

from services.review.models import Post
from tests.apps import on_sqlite
from tests.factories import rows
from tests.review.office import do, let_leave, received, signed_in

WORDS = "Could we talk on Thursday at 2 p.m.?"


@on_sqlite
@pytest.mark.parametrize("has_left", [True, False])
def test_the_same_message_is_not_sent_twice(apps: dict[str, Flask], has_left: bool):
    review = apps["review"]
    review.config["SEND_DELAY"] = "600"
    (case,) = received(review)
    client = signed_in(review, "triage")
    do(client, case, "write", text=WORDS)
    if has_left:
        let_leave(review)
    again = do(client, case, "write", text=WORDS)
    assert again.status == 422
    assert "You already sent this message." in again.text("li")
    let_leave(review)
    assert [post.text for post in rows(review, Post)] == [WORDS]
