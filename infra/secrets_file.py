"""What is secret about one installation on this machine: made once, read by its owner only."""

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from services.review.staff import passwords

NAMES = ("REVIEW_API_TOKEN", "OVERTURE_SECRET_KEY")
PASSWORDS = "passwords"  # the name under which they stand, by email


def of_installation(folder: Path, *, people: Iterable[str]) -> dict[str, Any]:
    """The settings of NAMES, and a password for each of these emails; missing ones are made.

    The file is replaced in one step: a kill leaves the one before, or the whole new one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "secrets.json"
    found: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    known = found.get(PASSWORDS, {})
    made = {name: secrets.token_urlsafe(32) for name in NAMES if name not in found}
    given = {email: passwords.generate() for email in people if email not in known}
    if made or given or PASSWORDS not in found:
        found |= made | {PASSWORDS: known | given}
        new = folder / "secrets.new"
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(found, out, indent=1)
        new.replace(file)
    return found
