"""Messages about a proposal reach the other side, both ways."""

import re
from typing import Any
from uuid import uuid4

from click.testing import Result
from flask import Flask

from services.intake.models import Post, Proposal
from services.review.models import Post as PostOfCase
from shared.tables import OutboxRow
from tests.factories import an_event, count, rows, send_proposal
from tests.fakes import carry, retry, take


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def messages_in(app: Flask, table: Any) -> list[tuple[str, str, str]]:
    return [(post.side, post.author, post.text) for post in rows(app, table)]


def test_each_side_gets_the_messages_of_the_other(apps: dict[str, Flask]):
    intake, review = apps["intake"], apps["review"]
    reference = send_proposal(intake)
    carry(apps)
    assert run(review, "post", "add", reference, "Which drawings?", "--by", "Renata").exit_code == 0
    carry(apps)
    assert run(intake, "post", "add", reference.lower(), "Cabinet fronts.").exit_code == 0
    carry(apps, times=2)

    conversation = [
        ("office", "Renata", "Which drawings?"),
        ("proposer", "Ray Okafor", "Cabinet fronts."),
    ]
    assert (
        sorted(messages_in(intake, Post)) == sorted(messages_in(review, PostOfCase)) == conversation
    )
    assert {post.id for post in rows(intake, Post)} == {
        post.id for post in rows(review, PostOfCase)
    }


def test_a_post_about_a_proposal_that_is_not_here_yet_waits(apps: dict[str, Flask]):
    intake, later = apps["intake"], uuid4()
    take(intake, an_event("post.added.v1", proposal_id=later))
    assert count(intake, Post) == 0
    assert retry(intake) == 1
    send_proposal(intake)
    (proposal,) = rows(intake, Proposal)
    take(intake, an_event("post.added.v1", proposal_id=proposal.id, post_id=uuid4()))
    assert count(intake, Post) == 1


def test_an_unknown_reference_is_refused_and_no_message_is_sent(apps: dict[str, Flask]):
    for app, words in (
        (apps["intake"], ("AA2A-A2AA", "Hello?")),
        (apps["review"], ("AA2A-A2AA", "Hello?", "--by", "Renata")),
    ):
        ran = run(app, "post", "add", *words)
        assert ran.exit_code == 1
        assert re.match(r"There is no (open proposal|case) with this reference\.", ran.output)
        assert count(app, OutboxRow) == 0
