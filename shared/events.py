"""The vocabulary: every event that goes between services.

An event carries the whole current state of one thing and its `version`, never a change. A consumer
upserts if the version is newer than its own and otherwise does nothing, so order, repeats and
delays do no harm. The name ends in the major version. Within a major version fields are only added,
and only optional ones; the examples in `tests/examples/` must stay readable forever.

Publishers are strict and refuse unknown fields. Consumers are tolerant and ignore them.
"""

from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from marshmallow import EXCLUDE, RAISE, Schema, fields, validate

SERVICES = ("intake", "review", "notify")
PREFIX = "edu.overture."  # CloudEvents types are reverse-DNS; the code uses the short names
KIB = 1024


class NotYet(Exception):
    """The event depends on something that has not arrived, such as a case or a profile version.

    Handlers raise it; the inbox then defers the event and tries it again.
    """


class State(Schema):
    """The base of all states; the higher `version` is the newer state."""

    version = fields.Int(required=True, strict=True, validate=validate.Range(min=1))


def _id(**options: Any) -> fields.UUID:
    return fields.UUID(required=True, **options)


def _text(**options: Any) -> fields.Str:
    return fields.Str(required=True, **options)


def _at(**options: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, format="iso", **options)


class PersonOnProposal(Schema):
    person_id = _id()
    name = _text()
    address = _text()
    role = _text(validate=validate.OneOf(["proposer", "co_proposer"]))
    state = _text(validate=validate.OneOf(["active", "invited", "declined"]))


class FileReference(Schema):
    """A file by reference; the bytes stay in intake."""

    file_id = _id()
    name = _text()
    size = fields.Int(required=True)
    media_type = _text()
    sha256 = _text()


class Contact(Schema):
    """A named person of the office and their mailbox."""

    name = _text()
    email = _text()


class Promises(Schema):
    """The dates promised to the proposer, local to the institution."""

    first_reply_by = fields.Date(required=True)
    meeting_by = fields.Date(required=True)
    decision_by = fields.Date(required=True)


class ProposalChanged(State):
    """The whole proposal, published whenever it is sent, amended, withdrawn or quarantined."""

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
    known_case = fields.Nested(lambda: KnownCase(), allow_none=True)
    """Only in an announcement: the case as intake holds it, for a review that has lost it."""


class KnownProposal(ProposalChanged):
    """A proposal as review holds it."""

    class Meta:
        exclude = ("known_case",)


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
    """A letter as sent; review has filled in every placeholder."""

    subject = _text()
    text = _text()
    signed_by = _text()
    released_at = _at()


class Departure(Schema):
    """What the office let leave together: intake writes one mail about it, once all is there."""

    departure_id = _id()
    post_ids = fields.List(fields.UUID(), required=True)
    letter = fields.Bool(required=True)


class CaseChanged(State):
    """The part of a case that the proposer may see: no internal state, score or note."""

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
    on_hold_until = fields.Date(allow_none=True)
    departure = fields.Nested(Departure, allow_none=True)
    """Only in the event of a departure."""
    changed_at = _at()
    known_proposal = fields.Nested(KnownProposal, allow_none=True)
    """Only in an announcement: the proposal as review holds it, for an intake that has lost it."""


class KnownCase(CaseChanged):
    """A case as intake holds it."""

    class Meta:
        exclude = ("known_proposal",)


class PostSide(StrEnum):
    """Who wrote a message."""

    PROPOSER = "proposer"
    OFFICE = "office"


class PostAdded(State):
    """One message in the conversation of a case; it never changes, so its version is 1."""

    post_id = _id()
    proposal_id = _id()
    author = _text()
    side = _text(validate=validate.OneOf([side.value for side in PostSide]))
    text = _text()
    said_at = _at()
    departure_id = fields.UUID(allow_none=True)
    """Of a message of the office: what it left with, as `case.changed` tells it with one mail."""


class CatalogueEntryChanged(State):
    """One existing offering, from which the form can show similar ones."""

    entry_id = _id()
    title = _text()
    unit = _text()
    skills = fields.List(fields.Str(), required=True)
    state = _text(validate=validate.OneOf(["offered", "retired"]))


class ProfilePublished(State):
    """The whole institution profile; `profile_version` is the hash of its body."""

    profile_version = _text()
    body = fields.Dict(keys=fields.Str(), required=True)
    published_at = _at()


class MailRequested(State):
    """A request to send one mail. Requests with the same `dedupe_key` lead to one mail.

    A mail without a proposal has no `proposal_id`, and "" as its `reference`.
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
    """The earliest time to send it; without one it is sent at once."""
    happened_at = fields.AwareDateTime(format="iso")
    """When the thing that it reports happened, if that was before a restore of the requester."""


class MailChanged(State):
    """The delivery status of a mail; `cause` is the dedupe key of the request."""

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
    """Trial mode stopped the mail; the failure needs no alert."""
    suppressed = fields.Bool()
    """The mailbox does not exist, so its server says, and gets no mail until it is released."""
    released = fields.Bool()
    """A person allowed mail to this mailbox again; who asked for this mail asks again."""
    changed_at = _at()


class MailAnswer(StrEnum):
    """What is known about a mail in doubt, from a person or from the archive."""

    ARRIVED = "arrived"
    SEND_AGAIN = "again"


class MailSettled(State):
    """The decision of a person of the office about a mail in doubt. "again" for a mail that a
    suppressed mailbox did not get releases the mailbox.

    `version` is that of the mail on their screen, so a decision about an older doubt has no effect.
    """

    mail_id = _id()
    proposal_id = _id()
    answer = _text(validate=validate.OneOf([answer.value for answer in MailAnswer]))
    reason = _text()
    settled_at = _at()


class ParkedEvent(Schema):
    """One event that a service could not handle; the payload is masked and names no person."""

    event_id = _id()
    event_type = _text()  # "" if the event is unreadable
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
    put_off = fields.Int(required=True)  # of these the mail server has deferred
    sent = fields.Int(required=True)  # within the last hour
    oldest_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")


class MailQueue(Schema):
    """The mail queue of notify; `only_to` are the domains of trial mode."""

    waiting = fields.Int(required=True)
    oldest_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    in_doubt = fields.Int(required=True)
    suppressed = fields.Int(required=True)
    stopped = fields.Bool(required=True)
    only_to = fields.List(fields.Str(), required=True)
    hosts = fields.List(fields.Nested(HostMails), required=True)


class MissingThings(Schema):
    """What a partner holds and this service does not; the command mends it."""

    partner = _text(validate=validate.OneOf(SERVICES))
    kind = _text()
    count = fields.Int(required=True)


class ServiceChanged(State):
    """The status report of a service: its backlog, failed events and loops in trouble.

    Only notify fills in `mail`.
    """

    service = _text(validate=validate.OneOf(SERVICES))
    waiting = fields.Int(required=True)  # unpublished events
    oldest_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    put_off = fields.Int(required=True)  # deferred events
    parked = fields.Int(required=True)
    parked_events = fields.List(fields.Nested(ParkedEvent), required=True)  # the oldest ones
    troubles = fields.List(fields.Nested(LoopInTrouble), required=True)
    mail = fields.Nested(MailQueue, required=True, allow_none=True)
    missing = fields.List(fields.Nested(MissingThings))
    changed_at = _at()


class InventoryTaken(State):
    """What a service holds, in numbers that its partners compare with theirs.

    `holds` has, by kind and by the first two digits of the id, the count and the sum of versions.
    `asks`: the partners are to send theirs soon. `restored_at`: when its database was put back, so
    that they announce what they hold, behind all events that were on their way.
    """

    service = _text(validate=validate.OneOf(SERVICES))
    asks = fields.Bool(required=True)
    holds = fields.Dict(keys=fields.Str(), required=True)
    restored_at = fields.AwareDateTime(allow_none=True, format="iso")
    taken_at = _at()


class ParkedDecision(StrEnum):
    """What a person can decide about a parked event."""

    RETRY = "again"
    DISCARD = "discard"


class ParkedSettled(State):
    """The decision of a person about a parked event: retry or discard it."""

    event_id = _id()
    service = _text(validate=validate.OneOf(SERVICES))
    answer = _text(validate=validate.OneOf([decision.value for decision in ParkedDecision]))
    reason = _text()
    settled_at = _at()


class PersonErased(State):
    """A tombstone: the ids of a person to erase and of the proposals erased with them."""

    person_id = _id()
    proposal_ids = fields.List(fields.UUID(), required=True)
    erased_at = _at()


class PersonForgotten(State):
    """A service has erased the person; intake keeps a report of each service."""

    person_id = _id()
    service = _text(validate=validate.OneOf(["review", "notify"]))
    forgotten_at = _at()


class Event(NamedTuple):
    """One entry of the vocabulary."""

    schema: type[State]
    thing: str  # the field with the id of the thing; events of one thing stay in order
    publishers: tuple[str, ...]
    consumers: tuple[str, ...]
    max_bytes: int = 256 * KIB


EVENTS: dict[str, Event] = {
    "proposal.changed.v1": Event(
        ProposalChanged, "proposal_id", ("intake",), ("review",), 512 * KIB
    ),
    "case.changed.v1": Event(CaseChanged, "case_id", ("review",), ("intake",), 512 * KIB),
    "post.added.v1": Event(PostAdded, "post_id", ("intake", "review"), ("intake", "review")),
    "catalogue_entry.changed.v1": Event(
        CatalogueEntryChanged, "entry_id", ("review",), ("intake",)
    ),
    "profile.published.v1": Event(
        ProfilePublished, "profile_version", ("review", "intake"), SERVICES, 900 * KIB
    ),
    "mail.requested.v1": Event(MailRequested, "mail_id", ("intake", "review"), ("notify",)),
    "mail.changed.v1": Event(MailChanged, "mail_id", SERVICES, SERVICES),
    "mail.settled.v1": Event(MailSettled, "mail_id", ("review",), ("notify",)),
    "service.changed.v1": Event(ServiceChanged, "service", ("intake", "notify"), ("review",)),
    "parked.settled.v1": Event(ParkedSettled, "event_id", ("review",), ("intake", "notify")),
    "inventory.taken.v1": Event(InventoryTaken, "service", SERVICES, SERVICES),
    "person.erased.v1": Event(PersonErased, "person_id", SERVICES, SERVICES),
    "person.forgotten.v1": Event(PersonForgotten, "person_id", ("review", "notify"), ("intake",)),
}


class Envelope(Schema):
    """CloudEvents 1.0, structured JSON. `source` + `id` is the identity; ours are UUIDs."""

    specversion = _text(validate=validate.Equal("1.0"))
    id = _id()
    source = _text(validate=validate.Length(max=100))
    type = _text(validate=validate.Length(max=100))
    subject = _text(validate=validate.Length(max=200))
    time = _text(
        validate=validate.Length(max=40)
    )  # when it came about; the version decides the order
    datacontenttype = _text(validate=validate.Equal("application/json"))
    traceparent = _text(validate=validate.Regexp(r"^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$"))
    data = fields.Dict(keys=fields.Str(), required=True)


def consumers(name: str, publisher: str) -> list[str]:
    """The services that must get this event when `publisher` publishes it."""
    return [service for service in EVENTS[name].consumers if service != publisher]


@cache
def strict(name: str) -> Schema:
    """The publisher's schema; it raises for an unknown field."""
    return EVENTS[name].schema(unknown=RAISE)


@cache
def tolerant(name: str) -> Schema:
    """The consumer's schema; it ignores unknown fields, which a newer publisher may send."""
    return _exclude_unknown(EVENTS[name].schema(unknown=EXCLUDE))


def _exclude_unknown(schema: Schema) -> Schema:
    """Set it on nested schemas too: marshmallow does not pass `unknown` down."""
    for field in schema.fields.values():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            inner.unknown = EXCLUDE
            _exclude_unknown(inner.schema)
    return schema
