"""A private Postfix from Debian's packages, on a free loopback port.

It relays all mail to the next mail server, as a university's does. It stores mail for the sender's
own domain, such as bounces, in a folder.
"""

import contextlib
import os
import pwd
import shutil
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.servers.programs import Missing, find, free_ports

HOME = "lakeside.example"
READY_WITHIN = 30.0

# Postfix exempts `mynetworks` from connection limits by default; here loopback is limited too.
CONFIG = """
compatibility_level = 3.6
config_directory = {folder}/etc
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {programs}
command_directory = /usr/sbin
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.{home}
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
alias_database =
smtpd_relay_restrictions = {relay}
smtpd_client_event_limit_exceptions =
smtpd_client_connection_count_limit = {connections}
default_transport = {onward}
virtual_mailbox_domains = {home}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
"""
SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix n - n 60 1 pickup
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
virtual   unix - n n - - virtual
anvil     unix - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
"""


class Postfix(NamedTuple):
    """A running server; `url` is in the form of SMTP_URL, `folder` has the stored mail."""

    url: str
    port: int
    folder: Path

    def bounces(self) -> list[bytes]:
        """The stored mails for its own domain."""
        return [file.read_bytes() for file in sorted((self.folder / "mail/all/new").glob("*"))]


@contextlib.contextmanager
def postfix(
    *, next_port: int | None = None, connections: int = 50, relays: bool = True
) -> Iterator[Postfix]:
    """Run it during the block. It relays mail to loopback port `next_port`, or else drops it.

    `connections` is the limit per client (default of Postfix: 50). One that does not relay for us
    refuses every recipient. Raises Missing if it cannot be
    installed or we are not root, as it needs.
    """
    find("Postfix", "/usr/sbin/postfix", package="postfix")
    if os.geteuid():
        raise Missing("Only root can start Postfix.")
    folder = Path(tempfile.mkdtemp(prefix="overture-postfix-"))
    try:
        relay = "permit_mynetworks, reject" if relays else "reject_unauth_destination"
        yield from _running(folder, next_port=next_port, connections=connections, relay=relay)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _running(
    folder: Path, *, next_port: int | None, connections: int, relay: str
) -> Iterator[Postfix]:
    (port,) = free_ports(1)
    owner = pwd.getpwnam("postfix")
    folder.chmod(0o755)
    for name in ("etc", "queue", "data", "mail"):
        (folder / name).mkdir()
    for name in ("data", "mail"):
        shutil.chown(folder / name, owner.pw_uid, owner.pw_gid)
    values = {
        "folder": folder,
        "programs": "/usr/lib/postfix/sbin",
        "home": HOME,
        "connections": connections,
        "relay": relay,
        "onward": f"smtp:[127.0.0.1]:{next_port}" if next_port else "discard:",
        "uid": owner.pw_uid,
        "gid": owner.pw_gid,
        "port": port,
    }
    (folder / "etc/main.cf").write_text(CONFIG.format(**values))
    (folder / "etc/master.cf").write_text(SERVICES.format(**values))
    command = ["/usr/sbin/postfix", "-c", str(folder / "etc")]
    try:
        subprocess.run([*command, "start"], check=True, timeout=READY_WITHIN, capture_output=True)
        _wait_until_ready(port, folder / "log")
        yield Postfix(f"smtp://127.0.0.1:{port}", port, folder)
    finally:
        subprocess.run([*command, "stop"], check=False, timeout=READY_WITHIN, capture_output=True)


def _wait_until_ready(port: int, log: Path) -> None:
    end = time.monotonic() + READY_WITHIN
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", port, timeout=5):
                return
        except (OSError, smtplib.SMTPException) as error:
            if time.monotonic() > end:
                output = log.read_text()[-2000:] if log.exists() else ""
                raise RuntimeError(f"Postfix does not answer: {error}\n{output}") from error
            time.sleep(0.1)
