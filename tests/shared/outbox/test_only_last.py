"""Of the states of a thing in one transaction, only the last is published where that is asked."""

from uuid import uuid4

from flask import Flask

from shared import db, outbox, strict_json
from shared.tables import OutboxRow
from tests.factories import a_post, rows


def test_a_state_replaces_the_earlier_ones_of_its_thing_in_the_same_transaction(
    apps: dict[str, Flask],
):
    app, thing = apps["intake"], uuid4()
    for versions in ((1,), (2, 3)):
        with app.app_context(), db.begin() as session:
            for version in versions:
                post = a_post(post_id=thing, version=version)
                outbox.add(session, "post.added.v1", post, only_last=True)
                outbox.add(session, "post.added.v1", a_post())
    stored = [strict_json.loads(row.envelope)["data"] for row in rows(app, OutboxRow)]
    told = [data["version"] for data in stored if data["post_id"] == str(thing)]
    assert (sorted(told), len(stored)) == ([1, 3], 5)
