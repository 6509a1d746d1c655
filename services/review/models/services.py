"""How the services stand, as each has told of itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.review.models.tables import Base
from shared.tables import Moment


class ServiceView(Base):
    """The newest `service.changed.v1` of a service; review writes its own."""

    __tablename__ = "service_views"

    service: Mapped[str] = mapped_column(String(20), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(Moment)
