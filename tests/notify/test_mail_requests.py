"""What a request becomes: one finished mail, or a row that says why not."""

import uuid
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from services.notify.models import Mail
from shared import db
from shared.mails.kinds import KINDS
from shared.tables import DeferredEvent, ProfileVersion, Tombstone, now
from tests.factories import count, rows
from tests.notify.mailing import (
    a_mail,
    announced,
    arrives,
    mail_of,
    requested,
    sender,
    states,
    wait_for_state,
)
from tests.notify.sample_variables import VARIABLES, variables
from tests.shared.forms import EXAMPLE
from tests.smtp_sink import sink

YEAR = timedelta(days=365)


@pytest.fixture
def app(make):
    with sink() as server:
        yield make(server)


@pytest.mark.parametrize("language", EXAMPLE.languages)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_mail_can_be_written_in_every_language(app, kind, language):
    mail_id = requested(app, kind=kind, language=language, variables=variables(kind))
    mail = mail_of(app, mail_id)
    assert mail.state == "queued"
    read = message_from_bytes(mail.rendered, policy=policy.default)
    assert ("HK4T-W7RB" in read["Subject"]) == KINDS[kind].about_a_proposal
    assert read["Content-Language"] == language
    for part in ("plain", "html"):
        body = read.get_body((part,))
        assert body is not None
        words = body.get_content()
        assert "http://127.0.0.1:800" in words and "{{" not in words


def test_the_same_request_asked_twice_is_one_mail(app):
    data = a_mail()
    arrives(app, "mail.requested.v1", data)
    first = mail_of(app, data["mail_id"])
    arrives(app, "mail.requested.v1", data)
    arrives(app, "mail.requested.v1", a_mail(dedupe_key=data["dedupe_key"]))
    assert count(app, Mail) == 1
    assert mail_of(app, data["mail_id"]).rendered == first.rendered
    with sender(app):
        wait_for_state(app, data["mail_id"], "sent")
    assert states(app, data["mail_id"]) == ["sent"]
    assert {event["cause"] for event in announced(app)} == {data["dedupe_key"]}


def test_a_language_that_the_profile_does_not_speak_falls_back_to_its_first(app):
    mail = mail_of(app, requested(app, language="tlh"))
    assert message_from_bytes(mail.rendered)["Content-Language"] == EXAMPLE.languages[0]


@pytest.mark.parametrize(
    "changes",
    [{"kind": "no_such_kind"}, {"variables": {**VARIABLES, "name": 7}}, {"variables": {}}],
)
def test_a_request_that_cannot_be_fulfilled_is_parked_where_a_person_sees_it(app, changes):
    arrives(app, "mail.requested.v1", a_mail(**changes))
    (row,) = rows(app, DeferredEvent)
    assert row.state == "parked" and "refused" in row.reason
    assert count(app, Mail) == 0


def test_a_variable_of_a_newer_sender_is_no_obstacle(app):
    mail_id = requested(app, variables={**VARIABLES, "something_new": "x"})
    assert mail_of(app, mail_id).state == "queued"


def test_a_request_that_is_ahead_of_its_profile_waits_for_it(app):
    body = {**EXAMPLE.body, "published_for": str(uuid.uuid4())}  # one that no process knows
    version = type(EXAMPLE).of(body).version
    data = a_mail(profile_version=version)
    arrives(app, "mail.requested.v1", data)
    assert count(app, Mail) == 0
    (row,) = rows(app, DeferredEvent)
    assert row.state == "deferred" and "not yet" in row.reason
    published = {"profile_version": version, "version": 1, "body": body, "published_at": now()}
    arrives(app, "profile.published.v1", published)
    arrives(app, "mail.requested.v1", data)
    assert mail_of(app, data["mail_id"]).state == "queued"


def test_a_case_of_an_old_profile_gets_a_kind_of_mail_that_is_newer(app):
    texts = {kind: text for kind, text in EXAMPLE.mails.items() if kind != "receipt"}
    body = {**EXAMPLE.body, "mails": texts, "published_for": str(uuid.uuid4())}
    old = type(EXAMPLE).of(body).version
    with app.app_context(), db.begin() as session:
        session.add(ProfileVersion(version=old, body=body, published_at=now() - YEAR))
    mail_id = requested(app, profile_version=old)
    assert mail_of(app, mail_id).state == "queued"


@pytest.mark.parametrize(
    "changes",
    [
        {"to_address": "a@x.example, b@x.example"},
        {"to_address": "Dean <dean@x.example>"},
        {"to_address": "a@x.example\nBcc: b@x.example"},
        {"to_address": "üser@x.example"},
        {"reply_to": {"name": "A\nBcc: x@y.example", "email": "a@x.example"}},
        {"reply_to": {"name": "A", "email": "a@x.example>"}},
    ],
)
def test_a_mail_that_must_not_be_written_fails_and_says_so(app, changes):
    mail_id = requested(app, **changes)
    assert mail_of(app, mail_id).rendered == b""
    assert states(app, mail_id) == ["failed"]
    assert announced(app)[0]["reason"].startswith("It cannot be rendered: ")


def test_a_request_after_its_time_is_expired_at_once(app):
    mail_id = requested(app, expires_at=now() - timedelta(minutes=1))
    assert states(app, mail_id) == ["expired"]


def test_a_person_who_is_erased_leaves_no_mail_and_gets_none(app):
    theirs, about_them, other = a_mail(), a_mail(person_id=None), a_mail()
    for data in (theirs, about_them, other):
        arrives(app, "mail.requested.v1", data)
    erased = {
        "person_id": theirs["person_id"],
        "version": 1,
        "proposal_ids": [about_them["proposal_id"]],
        "erased_at": now(),
    }
    arrives(app, "person.erased.v1", erased)
    assert [mail.id for mail in rows(app, Mail)] == [other["mail_id"]]
    assert count(app, Tombstone) == 2
    (event,) = announced(app, "person.forgotten.v1")
    assert (event["person_id"], event["service"]) == (str(theirs["person_id"]), "notify")
    arrives(app, "mail.requested.v1", a_mail(person_id=theirs["person_id"]))
    assert count(app, Mail) == 1
