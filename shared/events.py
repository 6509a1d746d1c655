"""The vocabulary: every event that goes between services, in one place.

An event carries the whole current state of one thing and its `version`, never a change to it.
A listener upserts when the version is newer than what it holds and otherwise does nothing; so
order, repeats and delays cannot harm. The name ends in the major version. Within it fields are
only ever added, and only optional ones; `tests/examples/` keeps every shape readable for ever.

Those who speak are strict (an unknown field is refused); those who listen are tolerant.
"""

from functools import cache
from typing import Any, NamedTuple

from marshmallow import EXCLUDE, RAISE, Schema, fields, validate

SERVICES = ("intake", "review", "notify")
PREFIX = "edu.overture."  # CloudEvents types are reverse-DNS; inside the suite names are short
KIB = 1024


class NotYet(Exception):
    """A handler raises it when what the event needs has not arrived (a case, a profile version).

    The event is then deferred and tried again.
    """


class State(Schema):
    """What every state carries: the number that decides which of two is newer."""

    version = fields.Int(required=True, strict=True, validate=validate.Range(min=1))


def _id(**more: Any) -> fields.UUID:
    return fields.UUID(required=True, **more)


def _text(**more: Any) -> fields.Str:
    return fields.Str(required=True, **more)


def _at(**more: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, format="iso", **more)


class PersonOnProposal(Schema):
    person_id = _id()
    name = _text()
    address = _text()
    role = _text(validate=validate.OneOf(["proposer", "co_proposer"]))
    state = _text(validate=validate.OneOf(["active", "invited", "declined"]))


class FileReference(Schema):
    """A file stays with intake; others know its name, size, type and content hash."""

    file_id = _id()
    name = _text()
    size = fields.Int(required=True)
    media_type = _text()
    sha256 = _text()


class Contact(Schema):
    """A named human of the office, and the address that answers."""

    name = _text()
    email = _text()


class Promises(Schema):
    """The dates that the proposer was told, local to the institution."""

    first_reply_by = fields.Date(required=True)
    meeting_by = fields.Date(required=True)
    decision_by = fields.Date(required=True)


class ProposalChanged(State):
    """The whole proposal, each time it is sent, amended, withdrawn or quarantined."""

    proposal_id = _id()
    reference = _text()
    state = _text(validate=validate.OneOf(["submitted", "amended", "withdrawn", "quarantined"]))
    branch = _text()
    language = _text()
    profile_version = _text()
    people = fields.List(fields.Nested(PersonOnProposal), required=True)
    answers = fields.Dict(keys=fields.Str(), required=True)
    files = fields.List(fields.Nested(FileReference), required=True)
    promises = fields.Nested(Promises, required=True)
    submitted_at = _at()
    changed_at = _at()


class ReopenedSection(Schema):
    section = _text()
    question = _text()


class Meeting(Schema):
    state = _text(validate=validate.OneOf(["offered", "confirmed", "held"]))
    starts_at = fields.AwareDateTime(allow_none=True, format="iso")
    place = fields.Str(allow_none=True)


class RouteStep(Schema):
    order = fields.Int(required=True)
    label = _text()
    state = _text(validate=validate.OneOf(["waiting", "open", "done", "returned"]))
    done_on = fields.Date(allow_none=True)


class Letter(Schema):
    """Final text: review has filled in every placeholder."""

    subject = _text()
    text = _text()
    signed_by = _text()
    released_at = _at()


class CaseChanged(State):
    """What the proposer may know of her case; no internal state, no score, no note."""

    case_id = _id()
    proposal_id = _id()
    public_label = _text(
        validate=validate.OneOf(
            [
                "received",
                "being_read",
                "needs_answer",
                "meeting",
                "feasibility",
                "accepted",
                "passed_on",
                "on_hold",
                "not_now",
                "combined",
                "in_approval",
                "approved",
                "in_development",
                "live",
                "renewal_due",
                "retired",
                "withdrawn",
                "closed_no_reply",
            ]
        )
    )
    office = _text()
    contact = fields.Nested(Contact, required=True)
    promises = fields.Nested(Promises, required=True)
    reopened = fields.List(fields.Nested(ReopenedSection), required=True)
    meeting = fields.Nested(Meeting, required=True, allow_none=True)
    route_steps = fields.List(fields.Nested(RouteStep), required=True)
    outcome = fields.Str(required=True, allow_none=True)
    letter = fields.Nested(Letter, required=True, allow_none=True)
    first_reply_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    changed_at = _at()


class PostAdded(State):
    """One utterance in the conversation of a case; a post never changes, so its version is 1."""

    post_id = _id()
    proposal_id = _id()
    author = _text()
    side = _text(validate=validate.OneOf(["proposer", "office"]))
    text = _text()
    said_at = _at()


class CatalogueEntryChanged(State):
    """One existing offering, so that the form can show what looks alike."""

    entry_id = _id()
    title = _text()
    unit = _text()
    skills = fields.List(fields.Str(), required=True)
    state = _text(validate=validate.OneOf(["offered", "retired"]))


class ProfilePublished(State):
    """The institution profile, whole; `profile_version` is the hash of its body."""

    profile_version = _text()
    body = fields.Dict(keys=fields.Str(), required=True)
    published_at = _at()


class MailRequested(State):
    """One mail that somebody asks notify to send; the same `dedupe_key` is one mail, however often
    asked. One about no proposal has no `proposal_id` and the `reference` "".
    """

    mail_id = _id()
    kind = _text()
    dedupe_key = _text()
    proposal_id = fields.UUID(required=True, allow_none=True)
    reference = _text()
    person_id = fields.UUID(required=True, allow_none=True)
    to_address = _text()
    to_name = _text()
    reply_to = fields.Nested(Contact, required=True)
    language = _text()
    profile_version = _text()
    variables = fields.Dict(keys=fields.Str(), required=True)
    expires_at = _at()
    on_doubt = _text(validate=validate.OneOf(["resend", "ask", "verify"]))
    not_before = fields.AwareDateTime(allow_none=True, format="iso")
    """It waits until then; without one it goes at once."""


class MailChanged(State):
    """What became of a mail; `cause` is the dedupe key of the request."""

    mail_id = _id()
    proposal_id = fields.UUID(required=True, allow_none=True)
    kind = _text()
    cause = _text()
    state = _text(
        validate=validate.OneOf(
            ["queued", "sent", "deferred", "failed", "bounced", "in_doubt", "settled", "expired"]
        )
    )
    reason = fields.Str(required=True, allow_none=True)
    kept_back = fields.Bool()
    """Trial mode let it not out: it failed, and nobody has to be told."""
    changed_at = _at()


class MailSettled(State):
    """What a person of the office says became of a mail in doubt; `version` is that of the mail as
    she saw it, so that an answer to an older doubt changes nothing.
    """

    mail_id = _id()
    proposal_id = _id()
    answer = _text(validate=validate.OneOf(["arrived", "again"]))
    reason = _text()
    settled_at = _at()


class ParkedEvent(Schema):
    """One event that a service could not handle; of what it says only what names nobody."""

    event_id = _id()
    event_type = _text()  # "" where it cannot be read
    queue = _text()
    reason = _text()
    attempts = fields.Int(required=True)
    bytes = fields.Int(required=True)
    payload = _text()
    first_seen_at = _at()
    last_seen_at = _at()


class LoopInTrouble(Schema):
    name = _text()
    trouble = _text()


class HostMails(Schema):
    """The mails to the mailboxes of one domain."""

    host = _text()
    waiting = fields.Int(required=True)
    put_off = fields.Int(required=True)  # of these the mail server has said "not now"
    sent = fields.Int(required=True)  # within the last hour
    oldest_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")


class MailQueue(Schema):
    """What waits in notify; `only_to` are the domains of trial mode."""

    waiting = fields.Int(required=True)
    oldest_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    in_doubt = fields.Int(required=True)
    suppressed = fields.Int(required=True)
    stopped = fields.Bool(required=True)
    only_to = fields.List(fields.Str(), required=True)
    hosts = fields.List(fields.Nested(HostMails), required=True)


class ServiceChanged(State):
    """How a service stands, for those who keep all of them running: what waits and since when, what
    could not be handled, what is in the way. `mail` is notify's.
    """

    service = _text(validate=validate.OneOf(SERVICES))
    waiting = fields.Int(required=True)  # events on their way out
    oldest_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    put_off = fields.Int(required=True)  # events that are tried again
    parked = fields.Int(required=True)
    parked_events = fields.List(fields.Nested(ParkedEvent), required=True)  # the oldest of them
    troubles = fields.List(fields.Nested(LoopInTrouble), required=True)
    mail = fields.Nested(MailQueue, required=True, allow_none=True)
    changed_at = _at()


class ParkedSettled(State):
    """What a person says is to become of an event that a service has parked."""

    event_id = _id()
    service = _text(validate=validate.OneOf(SERVICES))
    answer = _text(validate=validate.OneOf(["again", "discard"]))
    reason = _text()
    settled_at = _at()


class PersonErased(State):
    """A tombstone: the id of a person who must be forgotten, and the proposals that go with her."""

    person_id = _id()
    proposal_ids = fields.List(fields.UUID(), required=True)
    erased_at = _at()


class PersonForgotten(State):
    """A service has forgotten the person; intake counts the answers."""

    person_id = _id()
    service = _text(validate=validate.OneOf(["review", "notify"]))
    forgotten_at = _at()


class Event(NamedTuple):
    """One entry of the vocabulary."""

    schema: type[State]
    thing: str  # the field that names the thing whose state this is; one thing is one stream
    speakers: tuple[str, ...]
    listeners: tuple[str, ...]
    max_bytes: int = 256 * KIB


EVENTS: dict[str, Event] = {
    "proposal.changed.v1": Event(ProposalChanged, "proposal_id", ("intake",), ("review",)),
    "case.changed.v1": Event(CaseChanged, "case_id", ("review",), ("intake",)),
    "post.added.v1": Event(PostAdded, "post_id", ("intake", "review"), ("intake", "review")),
    "catalogue_entry.changed.v1": Event(
        CatalogueEntryChanged, "entry_id", ("review",), ("intake",)
    ),
    "profile.published.v1": Event(
        ProfilePublished, "profile_version", ("review",), ("intake", "notify"), 900 * KIB
    ),
    "mail.requested.v1": Event(MailRequested, "mail_id", ("intake", "review"), ("notify",)),
    "mail.changed.v1": Event(MailChanged, "mail_id", ("notify",), ("intake", "review")),
    "mail.settled.v1": Event(MailSettled, "mail_id", ("review",), ("notify",)),
    "service.changed.v1": Event(ServiceChanged, "service", ("intake", "notify"), ("review",)),
    "parked.settled.v1": Event(ParkedSettled, "event_id", ("review",), ("intake", "notify")),
    "person.erased.v1": Event(PersonErased, "person_id", ("intake",), ("review", "notify")),
    "person.forgotten.v1": Event(PersonForgotten, "person_id", ("review", "notify"), ("intake",)),
}


class Envelope(Schema):
    """CloudEvents 1.0, structured JSON. `source` + `id` is the identity; ours are UUIDs."""

    specversion = _text(validate=validate.Equal("1.0"))
    id = _id()
    source = _text(validate=validate.Length(max=100))
    type = _text(validate=validate.Length(max=100))
    subject = _text(validate=validate.Length(max=200))
    time = _text(validate=validate.Length(max=40))  # shown, never trusted: order is by version
    datacontenttype = _text(validate=validate.Equal("application/json"))
    traceparent = _text(validate=validate.Regexp(r"^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$"))
    data = fields.Dict(keys=fields.Str(), required=True)


def listeners(name: str, speaker: str) -> list[str]:
    """The services that must get what `speaker` says under this name."""
    return [service for service in EVENTS[name].listeners if service != speaker]


@cache
def strict(name: str) -> Schema:
    """The schema for the one who speaks: an unknown field is a mistake of ours."""
    return EVENTS[name].schema(unknown=RAISE)


@cache
def tolerant(name: str) -> Schema:
    """The schema for the one who listens: a newer sender may say more than we know."""
    return _ignoring(EVENTS[name].schema(unknown=EXCLUDE))


def _ignoring(schema: Schema) -> Schema:
    """Also inside of it: marshmallow hands `unknown` down to no nested schema."""
    for field in schema.fields.values():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            inner.unknown = EXCLUDE
            _ignoring(inner.schema)
    return schema
