"""A private IMAP server from Debian's packages, on loopback and a free port, for one test."""

import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.servers.programs import find, free_ports

USER, PASSWORD = "reports", "a-password-of-this-test"
READY_WITHIN = 20.0


class Dovecot(NamedTuple):
    """A running server; `url` is in the form of IMAP_URL."""

    url: str
    port: int

    def deliver(self, mail: bytes) -> None:
        """Put a mail into the mailbox, as a mail server would."""
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as mailbox:
            mailbox.login(USER, PASSWORD)
            state, _ = mailbox.append("INBOX", None, None, mail)
            assert state == "OK"

    def unread(self) -> int:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as mailbox:
            mailbox.login(USER, PASSWORD)
            mailbox.select("INBOX", readonly=True)
            _, found = mailbox.search(None, "UNSEEN")
            return len(found[0].split())


CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
first_valid_gid = 0
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
"""


@contextlib.contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Run it during the block, with its files in a folder that its user can read.

    Raises Missing if it cannot be installed.
    """
    with tempfile.TemporaryDirectory(prefix="overture-imap-") as folder:
        yield from _running(Path(folder))


def _running(folder: Path) -> Iterator[Dovecot]:
    program = find("Dovecot", "/usr/sbin/dovecot", package="dovecot-imapd")
    (port,) = free_ports(1)
    user, group = _owner()
    for name in ("run", "state", "mail"):
        (folder / name).mkdir(parents=True)
        if os.getuid() == 0:
            shutil.chown(folder / name, user, group)
    folder.chmod(0o755)
    config = folder / "dovecot.conf"
    values = {"folder": folder, "port": port, "user": user, "group": group, "password": PASSWORD}
    config.write_text(CONFIG.format(**values))
    process = subprocess.Popen([str(program), "-F", "-c", str(config)])
    try:
        _wait_until_ready(port, process, folder / "log")
        url = f"imap://{USER}:{PASSWORD}@127.0.0.1:{port}/INBOX"
        yield Dovecot(url, port)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _owner() -> tuple[str, str]:
    """The user and group of the server, which must not be root."""
    if os.getuid() == 0:
        return "nobody", "nogroup"
    return pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + READY_WITHIN
    while True:
        try:
            with imaplib.IMAP4("127.0.0.1", port, timeout=5) as mailbox:
                mailbox.login(USER, PASSWORD)
                return
        except (OSError, imaplib.IMAP4.error) as error:
            if process.poll() is not None or time.monotonic() > end:
                output = log.read_text()[-2000:] if log.exists() else ""
                raise RuntimeError(f"Dovecot does not answer: {error}\n{output}") from error
            time.sleep(0.1)
