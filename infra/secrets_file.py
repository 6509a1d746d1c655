"""The secrets of one local installation: created once, readable only by their owner."""

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from services.review.staff import passwords
from shared.db import private

NAMES = ("REVIEW_API_TOKEN", "OVERTURE_SECRET_KEY")
PASSWORDS = "passwords"  # the key of the passwords, by email


def load_or_create(folder: Path, *, emails: Iterable[str]) -> dict[str, Any]:
    """The settings in NAMES and a password for each email; missing ones are created.

    The file is replaced atomically, so a crash leaves the old or the new one.
    """
    private.make_folder(folder)
    file = folder / "secrets.json"
    stored: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    known = stored.get(PASSWORDS, {})
    new_settings = {name: secrets.token_urlsafe(32) for name in NAMES if name not in stored}
    new_passwords = {email: passwords.generate() for email in emails if email not in known}
    if new_settings or new_passwords or PASSWORDS not in stored:
        stored |= new_settings | {PASSWORDS: known | new_passwords}
        new = folder / "secrets.new"
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(stored, out, indent=1)
        new.replace(file)
    return stored
