"""Staff accounts: who may sign in, with which role, for which office."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased

from services.review.models import Case, MailStatus, PasswordToken, Staff, StaffSession
from services.review.models.people import LEADS, ROLES, WORKERS
from services.review.models.states import OPEN
from services.review.staff import password_tokens
from shared.profile import Profile, versions
from shared.profile.answers import values
from shared.tables import now

PRODUCT_WORDS = ("overture", "microcredential", "microcredentials", "proposal", "review", "intake")

# Accounts of earlier releases may have addresses that `add` refuses now; they still sign in.
_STORED = re.compile(r"[^\s@<>\"\x00-\x1f\x7f]{1,64}@[^\s@<>\"\x00-\x1f\x7f]{1,189}")


class InvalidAccount(ValueError):
    """An account cannot be added or changed like this; the message says why."""


def add(session: Session, *, name: str, email: str, role: str, office: str | None = None) -> Staff:
    """Add an account; it needs a password before they can sign in. Raises InvalidAccount."""
    address = values.mailbox(email)
    if not name.strip():
        raise InvalidAccount("Give a name.")
    if not address:
        raise InvalidAccount("Enter an email address, such as name@example.edu.")
    if role not in ROLES:
        raise InvalidAccount(f"A role is one of {', '.join(ROLES)}.")
    if find(session, email=address) is not None:
        raise InvalidAccount(f"{address} already has an account.")
    member = Staff(name=name.strip(), email=address, role=role, office=office)
    session.add(member)
    session.flush()
    return member


def is_email(text: str) -> bool:
    """Whether this text is an email address."""
    return values.mailbox(text) != ""


def find(session: Session, *, email: str) -> Staff | None:
    """The account with this address; None too for text that is no address."""
    address = password_tokens.account_of(email)
    if not _STORED.fullmatch(address):
        return None
    return session.scalar(select(Staff).where(Staff.email == address))


def words_to_avoid(session: Session, *, name: str, email: str) -> list[str]:
    """The words that a stranger would try first: of the person, the institution and the product."""
    texts = [email.casefold(), name, *PRODUCT_WORDS]
    try:
        profile = versions.in_force(session)
    except versions.NoProfile:
        return _words(texts)
    texts += [profile.institution["name"], profile.institution.get("short_name", "")]
    for office in profile.offices:
        texts += [office["label"], office.get("place", ""), office["contact"]["email"]]
    return _words(texts)


def _words(texts: Sequence[str]) -> list[str]:
    """Each word of these texts, and each text as one word."""
    parts = [re.split(r"\W+", text) for text in texts]
    words = [word for words in parts for word in (*words, "".join(words))]
    return list(dict.fromkeys(word.casefold() for word in words if word))


def set_password(
    session: Session, member: Staff, *, password_hash: str, must_change: bool = False
) -> None:
    """Store what `passwords.hash_new` made; end all sessions and links."""
    member.password_hash = password_hash
    member.must_change = must_change
    password_tokens.revoke(session, member)
    end_sessions(session, member)


def change_role(session: Session, member: Staff, *, role: str) -> None:
    """Change the role and end all sessions. Raises InvalidAccount."""
    if role not in ROLES:
        raise InvalidAccount(f"A role is one of {', '.join(ROLES)}.")
    member.role = role
    end_sessions(session, member)


def set_active(session: Session, member: Staff, *, active: bool) -> None:
    """Deactivate or reactivate an account, and end its sessions and links. Accounts are never
    deleted: the audit names them.
    """
    member.active = active
    password_tokens.revoke(session, member)
    end_sessions(session, member)


def open_cases(session: Session, member: Staff) -> int:
    """How many open cases this person owns."""
    owned = select(func.count()).select_from(Case)
    owned = owned.where(Case.owner_id == member.id, Case.state.in_(OPEN))
    return session.scalar(owned) or 0


def end_sessions(session: Session, member: Staff) -> None:
    """Sign a person out everywhere."""
    session.execute(delete(StaffSession).where(StaffSession.staff_id == member.id))


def colleagues(session: Session, *, office: str) -> list[Staff]:
    """Active colleagues who can own a case of this office, by name."""
    query = select(Staff).where(
        Staff.active, Staff.role.in_(WORKERS), (Staff.office == office) | Staff.office.is_(None)
    )
    return list(session.scalars(query.order_by(Staff.name, Staff.id)))


def leads(session: Session, *, office: str) -> list[Staff]:
    """Colleagues who release letters of this office, by name."""
    return [each for each in colleagues(session, office=office) if each.role in LEADS]


def case_workers(session: Session) -> Sequence[Any]:
    """Everybody who owns cases or once did, by name: id, name, role, office, active."""
    query = select(Staff.id, Staff.name, Staff.role, Staff.office, Staff.active)
    query = query.where(Staff.role.in_(WORKERS))
    return session.execute(query.order_by(Staff.name, Staff.id)).all()


class Account(NamedTuple):
    """An account, its newest valid password link, and the delivery state of the mail with it."""

    member: Staff
    key: PasswordToken | None
    mail: MailStatus | None


def accounts(session: Session) -> list[Account]:
    """All accounts, active ones first, by name."""
    other = aliased(PasswordToken)
    valid = select(other.id_hash).where(other.staff_id == Staff.id, other.expires_at > now())
    newest = valid.order_by(other.created_at.desc(), other.id_hash).limit(1).correlate(Staff)
    query = (
        select(Staff, PasswordToken, MailStatus)
        .select_from(Staff)
        .outerjoin(PasswordToken, PasswordToken.id_hash == newest.scalar_subquery())
        .outerjoin(MailStatus, MailStatus.mail_id == PasswordToken.mail_id)
        .order_by(Staff.active.desc(), Staff.name, Staff.id)
    )
    return [Account(*row) for row in session.execute(query)]


def office_of(profile: Profile, member: Staff) -> dict[str, Any]:
    """The office of this person; the first one if they work for all of them."""
    by_value = {office["value"]: office for office in profile.offices}
    return by_value.get(member.office or "", profile.offices[0])
