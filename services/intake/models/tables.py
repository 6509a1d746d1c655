"""The registry of intake's tables."""

from sqlalchemy import (
    MetaData,
)
from sqlalchemy.orm import DeclarativeBase

from shared.tables import NAMING


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
