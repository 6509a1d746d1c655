"""Files and folders that only their owner can read: answers, drafts and mails are in them."""

import os
from contextlib import suppress
from pathlib import Path

BESIDE = ("", "-wal", "-shm")  # SQLite gives these the mode that the database has


def make_folder(folder: Path) -> None:
    """Make the folder and the missing ones above it, closed to others; leave existing ones."""
    if folder.exists():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def make_file(path: Path) -> None:
    """Make the file if it is missing, and close it to others if it is ours.

    It never opens a file that exists: to close it again would drop the locks that this process has
    on a database.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    for name in (f"{path}{end}" for end in BESIDE):
        with suppress(FileNotFoundError):
            status = os.stat(name)
            if status.st_mode & 0o077 and status.st_uid == os.geteuid():
                os.chmod(name, 0o600)
