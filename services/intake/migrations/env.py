"""Alembic's entry to the chain of intake; `flask --app services.intake db upgrade` runs it."""

from services.intake.models import Base
from shared.migrations import chain

chain.run(Base.metadata)
