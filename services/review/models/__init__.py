"""What review owns: cases and what is done with them, the people of the office, the catalogue."""

from services.review.models.cases import (
    Audit,
    Case,
    CaseFlag,
    Letter,
    MailFate,
    Note,
    Post,
    StaffNews,
)
from services.review.models.catalogue import CatalogueEntry
from services.review.models.people import (
    ForgottenPassword,
    SignInAttempt,
    Staff,
    StaffKey,
    StaffSession,
)
from services.review.models.services import ParkedDeed, ServiceView
from services.review.models.tables import Base

__all__ = [
    "Audit",
    "Base",
    "Case",
    "CaseFlag",
    "CatalogueEntry",
    "ForgottenPassword",
    "Letter",
    "MailFate",
    "Note",
    "ParkedDeed",
    "Post",
    "ServiceView",
    "SignInAttempt",
    "Staff",
    "StaffKey",
    "StaffNews",
    "StaffSession",
]
