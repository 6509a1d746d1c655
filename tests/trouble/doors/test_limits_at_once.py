"""A limit of the public pages holds for requests that come at the same moment."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from services.intake.models import Proposal
from tests.factories import a_proposal, count, send

LIMIT = 3


def test_proposals_sent_at_once_are_no_more_than_the_limit(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.config["SENDS_PER_HOUR"] = str(LIMIT)
    bodies = [a_proposal() for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda body: send(intake.test_client(), body).status_code, bodies))
    assert set(answers) <= {201, 429, 503}
    assert 1 <= count(intake, Proposal) <= LIMIT
    assert answers.count(201) == count(intake, Proposal)
