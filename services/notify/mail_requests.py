"""Turn a request into one rendered mail in the queue, or into a mail that says why it failed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from marshmallow import EXCLUDE, ValidationError
from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session

from services.notify import delivery_status, suppressions
from services.notify.composing import addresses
from services.notify.composing.addresses import BadAddress, domain
from services.notify.composing.rendering import (
    BadHeader,
    BadLink,
    Branding,
    Words,
    message_id,
    render,
)
from services.notify.models import Mail
from services.notify.models.states import KeptText, MailState
from shared import db, logs
from shared.events import NotYet
from shared.mails.kinds import KINDS
from shared.profile import Profile, text, versions
from shared.settings import trial_domains
from shared.tables import now

log = logs.logger(__name__)


class PreparedMail(NamedTuple):
    """The rendered mail, or the reason why it cannot be sent, with a flag for the event."""

    state: MailState
    rendered: bytes = b""
    reason: str | None = None
    flag: str = ""  # kept_back by trial mode, which is no reason for an alert; suppressed


class SendingIdentity(NamedTuple):
    """`sender` is the address of From. Delivery reports go to the mailbox `bounces`, else to the
    sender. The mail server recognizes a second copy by `key_header`. `only_to` are the domains of
    trial mode.
    """

    sender: str
    bounces: str = ""
    key_header: str = ""
    only_to: Collection[str] = ()

    def back_to(self, mail_id: UUID) -> str:
        """The envelope sender of this mail."""
        return addresses.envelope_sender(self.bounces, mail_id) if self.bounces else self.sender


def sending_identity(config: Mapping[str, Any]) -> SendingIdentity:
    """The sending identity of an installation with these settings."""
    only_to = trial_domains(config["MAIL_ONLY_TO"])
    return SendingIdentity(
        config["MAIL_FROM"], config["BOUNCE_TO"], config["MAIL_KEY_HEADER"], only_to
    )


def prepare(data: dict[str, Any], *, identity: SendingIdentity) -> PreparedMail | None:
    """Render the mail of a `mail.requested.v1`, outside of any writing transaction.

    None where it was requested before: requests with the same `dedupe_key` make one mail. Raises
    ValidationError for an unknown kind or missing variables (the event is parked), and NotYet for a
    profile version that has not arrived (the event is deferred).
    """
    if data["kind"] not in KINDS:
        raise ValidationError({"kind": ["this release does not know this kind of mail"]})
    with db.read() as session:
        if _is_known(session, data):
            return None
        kind = KINDS[data["kind"]]
        data = {**data, "variables": kind.variables(unknown=EXCLUDE).load(data["variables"])}
        profile = _with_text(session, data)
    return _rendered(data, profile=profile, identity=identity)


def store(
    session: Session,
    data: dict[str, Any],
    prepared: PreparedMail | None,
    *,
    identity: SendingIdentity,
) -> None:
    """Queue the mail. One that trial mode keeps back, or whose mailbox is suppressed, is written
    and not sent.
    """
    if prepared is None:
        log.info("mail was requested before", mail_id=str(data["mail_id"]))
        return
    if prepared.state == MailState.QUEUED:
        prepared = _apply_suppression(
            session, prepared, address=data["to_address"], only_to=identity.only_to
        )
    row = _row(data, prepared, identity=identity)
    if not db.insert_new(session, Mail, values=row):
        return
    if prepared.state == MailState.QUEUED:
        delivery_status.enqueue(session, row)
    else:
        mail = session.get_one(Mail, data["mail_id"])
        flags: dict[str, Any] = {prepared.flag: True} if prepared.flag else {}
        delivery_status.announce(session, mail, reason=prepared.reason, **flags)


class TextNotKept(Exception):
    """The text of the mail is no longer kept, or its links are masked."""


def resend(session: Session, mail: Mail, *, identity: SendingIdentity) -> UUID:
    """Queue the same text as a new mail, linked to the old one; return its id. Raises
    TextNotKept.

    The new Message-ID keeps mailboxes from dropping it as a duplicate.
    """
    kind = KINDS[mail.kind]
    if (kind.secrets and mail.kept == KeptText.MASKED) or not mail.rendered:
        raise TextNotKept
    mail_id = uuid4()
    copied = ("kind", "on_doubt", "proposal_id", "person_id", "recipient", "domain", "traceparent")
    copy = Mail(
        **{name: getattr(mail, name) for name in copied},
        id=mail_id,
        dedupe_key=f"{mail.dedupe_key}:again-{mail_id.hex[:8]}",
        message_id=message_id(mail_id, sender=identity.sender),
        rendered=mail.rendered.replace(str(mail.id).encode(), str(mail_id).encode()),
        envelope_from=identity.back_to(mail_id),
        again_of=mail.id,
        state=MailState.QUEUED,
        expires_at=now() + kind.expiry,
    )
    session.add(copy)
    session.flush()
    delivery_status.announce(session, copy, reason="Resent by a person.")
    return mail_id


def _is_known(session: Session, data: dict[str, Any]) -> bool:
    keys = {"dedupe_key": data["dedupe_key"], "mail_id": data["mail_id"]}
    return bool(session.scalar(_SAME, keys))


_SAME = select(
    exists().where(or_(Mail.dedupe_key == bindparam("dedupe_key"), Mail.id == bindparam("mail_id")))
)


def _with_text(session: Session, data: dict[str, Any]) -> Profile:
    """The profile of the request; the one in force where that is older than the kind of mail."""
    named = versions.of(session, version=data["profile_version"])
    if data["kind"] in named.mails:
        return named
    newest = versions.in_force(session)
    if data["kind"] not in newest.mails:
        raise NotYet(f"a profile with a text of {data['kind']}: import it again")
    return newest


def _rendered(data: dict[str, Any], *, profile: Profile, identity: SendingIdentity) -> PreparedMail:
    """The rendered bytes. A mail that can never be sent is stored as failed, so that it is seen."""
    at = now()
    if data["expires_at"] <= at:
        return PreparedMail(MailState.EXPIRED, reason="It was requested too late to be useful.")
    languages = profile.languages
    language = data["language"] if data["language"] in languages else languages[0]
    template = profile.mail(data["kind"], language)
    colors = profile.colors
    branding = Branding(profile.institution["name"], colors["brand"], colors["on_brand"])
    try:
        words = Words(
            text.render_line(template["subject"].strip(), data["variables"]),
            text.render(template["text"], data["variables"]).strip(),
        )
        addressed = {**data, "language": language, "key_header": identity.key_header}
        rendered = render(
            addressed, words=words, branding=branding, sender=identity.sender, at=_due_at(data, at)
        )
    except (BadAddress, BadHeader, BadLink, text.BadTemplate) as error:
        log.error("mail cannot be rendered", mail_id=str(data["mail_id"]), error=str(error))
        return PreparedMail(MailState.FAILED, reason=f"It cannot be rendered: {error}."[:500])
    return PreparedMail(MailState.QUEUED, rendered)


def _apply_suppression(
    session: Session, prepared: PreparedMail, *, address: str, only_to: Collection[str]
) -> PreparedMail:
    """The mail, or a failed one where nothing may be sent to this mailbox."""
    if only_to and domain(address).casefold() not in only_to:
        reason = f"{delivery_status.TRIAL_MODE} mail goes only to {', '.join(sorted(only_to))}."
        return prepared._replace(state=MailState.FAILED, reason=reason, flag="kept_back")
    suppressed = suppressions.find(session, address=address)
    if suppressed is None:
        return prepared
    reason = f"We no longer send to this mailbox: {suppressed}"
    return prepared._replace(state=MailState.FAILED, reason=reason, flag="suppressed")


def _due_at(data: dict[str, Any], at: datetime) -> datetime:
    """Now, or the requested moment if that is later. The Date header has it too."""
    return max(at, data.get("not_before") or at)


def _row(
    data: dict[str, Any], prepared: PreparedMail, *, identity: SendingIdentity
) -> dict[str, Any]:
    copied = ("dedupe_key", "kind", "on_doubt", "proposal_id", "person_id", "expires_at")
    at = now()
    return {
        **{name: data[name] for name in copied},
        "id": data["mail_id"],
        "message_id": message_id(data["mail_id"], sender=identity.sender),
        "rendered": prepared.rendered,
        "recipient": data["to_address"][:320],
        "domain": domain(data["to_address"]).casefold()[:255],
        "envelope_from": identity.back_to(data["mail_id"]),
        "state": prepared.state,
        "version": 0 if prepared.state == MailState.QUEUED else 1,
        "kept": KeptText.WHOLE,
        "attempts": 0,
        "deferrals": 0,
        "next_attempt_at": _due_at(data, at),
        "last_reply": prepared.reason,
        "traceparent": logs.traceparent(),
        "created_at": at,
        "changed_at": at,
    }
