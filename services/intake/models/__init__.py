"""The tables of intake: people, drafts, proposals, access, and projections of other services."""

from services.intake.models.access import BrowserGrant, LinkToken, RateLimitUse
from services.intake.models.conversation import Post, UnsentMessage
from services.intake.models.drafts import Draft
from services.intake.models.people import Person
from services.intake.models.projections import (
    CaseView,
    CatalogueEntry,
    ErasureReport,
    MailStatus,
)
from services.intake.models.proposals import Proposal, ProposalPerson, StoredResponse
from services.intake.models.tables import Base

__all__ = [
    "Base",
    "BrowserGrant",
    "CaseView",
    "CatalogueEntry",
    "Draft",
    "ErasureReport",
    "LinkToken",
    "MailStatus",
    "Person",
    "Post",
    "Proposal",
    "ProposalPerson",
    "RateLimitUse",
    "StoredResponse",
    "UnsentMessage",
]
