"""Files and folders that only their owner can read: answers, drafts and mails are in them."""

import os
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make the folder and the missing ones above it, closed to others; leave existing ones."""
    if folder.exists():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def make_file(path: Path) -> None:
    """Make the file if it is missing, and close it to others. SQLite gives the files beside a
    database its mode.
    """
    make_folder(path.parent)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.fstat(file).st_mode & 0o077 and os.fstat(file).st_uid == os.geteuid():
            os.fchmod(file, 0o600)
    finally:
        os.close(file)
