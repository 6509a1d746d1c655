"""Alembic's entry to the chain of notify; `flask --app services.notify db upgrade` runs it."""

from services.notify.models import Base
from shared.migrations import chain

chain.run(Base.metadata)
