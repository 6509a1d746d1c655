"""Alembic's entry to the chain of review; `flask --app services.review db upgrade` runs it."""

from services.review.models import Base
from shared.migrations import chain

chain.run(Base.metadata)
