"""The people of the office: who may sign in, as what, for which office."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.review.models import MailStatus, PasswordToken, Staff, StaffSession
from services.review.models.people import LEADS, ROLES, WORKERS
from services.review.staff import passwords
from shared.profile import Profile
from shared.tables import now

_EMAIL = re.compile(r"[^\s@<>\"\x00-\x1f\x7f]{1,64}@[^\s@<>\"\x00-\x1f\x7f]{1,189}")


class InvalidAccount(ValueError):
    """Somebody who cannot be added or changed like this; the message says why."""


def add(session: Session, *, name: str, email: str, role: str, office: str | None = None) -> Staff:
    """Add somebody who can sign in once a password is set. Raises Refused."""
    address = email.strip().casefold()
    if not name.strip() or not _EMAIL.fullmatch(address):
        raise InvalidAccount("Give a name and an email address.")
    if role not in ROLES:
        raise InvalidAccount(f"A role is one of {', '.join(ROLES)}.")
    if find(session, email=address) is not None:
        raise InvalidAccount(f"{address} is here already.")
    member = Staff(name=name.strip(), email=address, role=role, office=office)
    session.add(member)
    session.flush()
    return member


def find(session: Session, *, email: str) -> Staff | None:
    """Who has this address; None also for what is no address."""
    address = email.strip().casefold()
    if not _EMAIL.fullmatch(address):
        return None
    return session.scalar(select(Staff).where(Staff.email == address))


def set_password(
    session: Session, member: Staff, *, password: str, must_change: bool = False
) -> None:
    """Set it and end every session. Raises passwords.WeakPassword or passwords.PasswordTooLong."""
    words = ["overture", "microcredential", *re.split(r"\W+", f"{member.email} {member.name}")]
    passwords.check(password, words=words)
    member.password_hash = passwords.hash_password(password)
    member.must_change = must_change
    end_sessions(session, member)


def change_role(session: Session, member: Staff, *, role: str) -> None:
    """Change what somebody may do, at once: every session ends. Raises Refused."""
    if role not in ROLES:
        raise InvalidAccount(f"A role is one of {', '.join(ROLES)}.")
    member.role = role
    end_sessions(session, member)


def set_active(session: Session, member: Staff, *, active: bool) -> None:
    """Let somebody in again, or out at once. Nobody is deleted: the audit names them."""
    member.active = active
    end_sessions(session, member)


def end_sessions(session: Session, member: Staff) -> None:
    """Sign somebody out everywhere."""
    session.execute(delete(StaffSession).where(StaffSession.staff_id == member.id))


def colleagues(session: Session, *, office: str) -> list[Staff]:
    """Those who can look after a case of this office, by name."""
    found = select(Staff).where(
        Staff.active, Staff.role.in_(WORKERS), (Staff.office == office) | Staff.office.is_(None)
    )
    return list(session.scalars(found.order_by(Staff.name, Staff.id)))


def leads(session: Session, *, office: str) -> list[Staff]:
    """Those who release letters about cases of this office, by name."""
    return [one for one in colleagues(session, office=office) if one.role in LEADS]


def case_workers(session: Session) -> Sequence[Any]:
    """Id, name, role, office of those who look after cases or did, and whether active; by name."""
    found = select(Staff.id, Staff.name, Staff.role, Staff.office, Staff.active)
    found = found.where(Staff.role.in_(WORKERS))
    return session.execute(found.order_by(Staff.name, Staff.id)).all()


class Account(NamedTuple):
    """Somebody who may sign in, her living link, and what became of the mail that it was in."""

    member: Staff
    key: PasswordToken | None
    fate: MailStatus | None


def accounts(session: Session) -> list[Account]:
    """Every account, those that work first, by name."""
    found = (
        select(Staff, PasswordToken, MailStatus)
        .outerjoin(
            PasswordToken, (PasswordToken.staff_id == Staff.id) & (PasswordToken.expires_at > now())
        )
        .outerjoin(MailStatus, MailStatus.mail_id == PasswordToken.mail_id)
        .order_by(Staff.active.desc(), Staff.name, Staff.id)
    )
    return [Account(*row) for row in session.execute(found)]


def office_of(profile: Profile, member: Staff) -> dict[str, Any]:
    """Her office; the first of the institution for whoever works for all of them."""
    by_value = {one["value"]: one for one in profile.offices}
    return by_value.get(member.office or "", profile.offices[0])
