"""People outside the office. A person is one mailbox."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    String,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.models.tables import Base
from shared.tables import Moment, now


class Person(Base):
    """Somebody outside the office. A person is one mailbox."""

    __tablename__ = "people"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    address: Mapped[str] = mapped_column(String(254), unique=True)
    """Casefolded; the domain as punycode."""
    verified_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
