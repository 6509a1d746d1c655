"""The secret of a mailed link: 256 random bits, kept only as their hash.

Opening a link does not use it up: mail scanners open links too, and people come back to a mail a
week later. A link ends by its date, or when what it opens is erased.

Six digits do the same for people who cannot open the link. There are only a million of them, so
they work only in the browser that asked for the link, together with what was typed there, and for
five tries. Their hash includes the key of that browser, which is in no table. A copy of the
database opens nothing.
"""

import hashlib
import hmac
import secrets
import unicodedata
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.intake.models import LinkToken
from shared.tables import now

STATUS_LIFETIME = timedelta(days=30)  # of the link in a receipt
DRAFT_LIFETIME = timedelta(days=60)  # a draft is kept as long after its last change
SIGN_IN_LIFETIME = timedelta(minutes=60)  # of a link that somebody asked for
MAX_TYPED = 100  # characters; a token has 43
DIGITS = 6
TRIES = 5  # wrong codes; the link itself keeps working


class LinkRequest(NamedTuple):
    """Who asked for a link: the key of their browser, and a hash that covers it and the address or
    reference that they typed.
    """

    key: str
    sha256: bytes

    @classmethod
    def of(cls, key: str, known: str) -> "LinkRequest":
        """The request of this browser for what was typed."""
        return cls(key, _hash(f"{key}\0{known.strip().casefold()}"))

    def code_sha256(self, code: str) -> bytes:
        """The stored hash of a code that was mailed for this request."""
        return _hash(f"{self.key}\0\0{code}")


def issue(session: Session, *, kind: str, thing_id: UUID, person_id: UUID, lasts: timedelta) -> str:
    """A new token for a draft or proposal. It can be read only now."""
    token = secrets.token_urlsafe(32)
    row = LinkToken(
        sha256=_hash(token),
        kind=kind,
        thing_id=thing_id,
        person_id=person_id,
        expires_at=now() + lasts,
    )
    session.add(row)
    return token


def find(session: Session, *, token: str) -> LinkToken | None:
    """The row of a token; None for an unknown or expired one, and the caller cannot tell which.

    Mail programs sometimes include the punctuation that follows an address.
    """
    if len(token) > MAX_TYPED:
        return None
    row = session.get(LinkToken, _hash(token.rstrip(".,;:)>]")))
    return row if row is not None and row.expires_at > now() else None


def add_code(session: Session, *, token: str, link_request: LinkRequest) -> str:
    """Six digits that open the same as the link of this token. They can be read only now."""
    row = session.get_one(LinkToken, _hash(token))
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row.asked, row.code, row.tries = link_request.sha256, link_request.code_sha256(code), 0
    return code


def parse_code(typed: str) -> str:
    """The six digits that were typed, in any script and with any spaces; "" for none."""
    plain = unicodedata.normalize("NFKC", typed[:MAX_TYPED])
    digits = [unicodedata.digit(each, None) for each in plain]
    code = "".join(str(each) for each in digits if each is not None)
    return code if len(code) == DIGITS else ""


def find_by_code(session: Session, *, link_request: LinkRequest, code: str) -> LinkToken | None:
    """The row of a code; None for a wrong code, which is a try of every code of this request."""
    alive = LinkToken.expires_at > now(), LinkToken.tries < TRIES
    waiting = (
        select(LinkToken).where(LinkToken.asked == link_request.sha256, *alive).with_for_update()
    )
    digest, rows = link_request.code_sha256(code), session.scalars(waiting).all()
    matches = [row for row in rows if row.code and hmac.compare_digest(row.code, digest)]
    for row in rows if not matches else ():
        row.tries += 1
    return matches[0] if matches else None


def revoke(session: Session, *, thing_id: UUID) -> None:
    """Delete every link to this draft or proposal."""
    session.execute(delete(LinkToken).where(LinkToken.thing_id == thing_id))


def tokens_of(session: Session, *, person_id: UUID) -> list[LinkToken]:
    """Every link that was mailed to this person."""
    return list(session.scalars(select(LinkToken).where(LinkToken.person_id == person_id)))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
