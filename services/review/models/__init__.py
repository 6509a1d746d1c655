"""The tables of review: cases and their history, staff, the catalogue, status of the services."""

from services.review.models.cases import (
    Audit,
    Case,
    CaseFlag,
    DigestItem,
    Letter,
    MailStatus,
)
from services.review.models.catalogue import CatalogueEntry
from services.review.models.conversation import Note, Outgoing, Post, UnsentText
from services.review.models.people import (
    PasswordRequest,
    PasswordToken,
    SignInAttempt,
    Staff,
    StaffSession,
)
from services.review.models.services import ParkedEventAction, ServiceStatus
from services.review.models.tables import Base

__all__ = [
    "Audit",
    "Base",
    "Case",
    "CaseFlag",
    "CatalogueEntry",
    "DigestItem",
    "Letter",
    "MailStatus",
    "Note",
    "Outgoing",
    "ParkedEventAction",
    "PasswordRequest",
    "PasswordToken",
    "Post",
    "ServiceStatus",
    "SignInAttempt",
    "Staff",
    "StaffSession",
    "UnsentText",
]
