"""The secret of a mailed link: 256 random bits, kept only as their hash.

It is not used up by opening it: mail scanners open links too, and whoever comes back to her mail
next week must get in. It ends by its date, or when what it opens is erased.

Six digits do the same for whoever cannot open the link. There are only a million of them, so they
are good in the browser that asked for the link alone, together with what was typed there, and for
five tries. Their hash is made with the browser's own key, which stands in no table: a copy of the
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

STATUS_LIFETIME = timedelta(days=30)  # in the receipt
DRAFT_LIFETIME = timedelta(days=60)  # as long as a draft is kept after its last change
SIGN_IN_LIFETIME = timedelta(minutes=60)  # asked for just now
MAX_TYPED = 100  # characters; ours have 43
DIGITS = 6
TRIES = 5  # wrong ones, then a code is over; its link is not


class LinkRequest(NamedTuple):
    """Who has asked for a link: the key of her browser, and the address or reference she typed."""

    key: str
    known: str

    @property
    def sha256(self) -> bytes:
        return _hash(f"{self.key}\0{self.known.strip().casefold()}")

    def code_sha256(self, code: str) -> bytes:
        """What is kept of a code that was mailed to her."""
        return _hash(f"{self.key}\0\0{code}")


def issue(session: Session, *, kind: str, thing_id: UUID, person_id: UUID, lasts: timedelta) -> str:
    """A new token for a draft or proposal; this is the only time that it can be read."""
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
    """What a token opens; None for one that is unknown or over, and nobody learns which.

    Mail programs sometimes take the point after an address for a part of it.
    """
    if len(token) > MAX_TYPED:
        return None
    row = session.get(LinkToken, _hash(token.rstrip(".,;:)>]")))
    return row if row is not None and row.expires_at > now() else None


def add_code(session: Session, *, token: str, asked: LinkRequest) -> str:
    """Six digits that open what the link of this token does; they can be read only now."""
    row = session.get_one(LinkToken, _hash(token))
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row.asked, row.code, row.tries = asked.sha256, asked.code_sha256(code), 0
    return code


def parse_code(typed: str) -> str:
    """The six digits that somebody means, in any script and with any spaces; "" for none."""
    plain = unicodedata.normalize("NFKC", typed[:MAX_TYPED])
    digits = [unicodedata.digit(each, None) for each in plain]
    code = "".join(str(each) for each in digits if each is not None)
    return code if len(code) == DIGITS else ""


def find_by_code(session: Session, *, asked: LinkRequest, code: str) -> LinkToken | None:
    """What six digits open; None for wrong ones, which count as a try of every code that was mailed
    to whoever asked.
    """
    alive = LinkToken.expires_at > now(), LinkToken.tries < TRIES
    waiting = select(LinkToken).where(LinkToken.asked == asked.sha256, *alive).with_for_update()
    given, rows = asked.code_sha256(code), session.scalars(waiting).all()
    found = [row for row in rows if row.code and hmac.compare_digest(row.code, given)]
    for row in rows if not found else ():
        row.tries += 1
    return found[0] if found else None


def revoke(session: Session, *, thing_id: UUID) -> None:
    """From now on no link opens this draft or proposal."""
    session.execute(delete(LinkToken).where(LinkToken.thing_id == thing_id))


def tokens_of(session: Session, *, person_id: UUID) -> list[LinkToken]:
    """Every link that was mailed to her."""
    return list(session.scalars(select(LinkToken).where(LinkToken.person_id == person_id)))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
