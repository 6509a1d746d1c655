"""A list of erased people beside the database, which no restore of the database puts back.

If all three databases are put back to a copy from before an erasure, no service remembers it. The
list does. It holds ids only, one a line, in OVERTURE_RUN_DIR.
"""

import os
from pathlib import Path
from uuid import UUID

NAME = "erased"


def add(folder: str, person_id: UUID) -> None:
    """Add one person and wait until that is on the disk."""
    path = Path(folder) / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{person_id}\n")
        file.flush()
        os.fsync(file.fileno())


def read(folder: str) -> list[UUID]:
    """Everybody on the list."""
    path = Path(folder) / NAME
    if not path.exists():
        return []
    return [UUID(line) for line in path.read_text(encoding="ascii").split()]
