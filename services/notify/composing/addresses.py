"""One mailbox address, plain ASCII, as it may go into an envelope or a header.

Forms check addresses when they are typed. This is the last check before SMTP: nothing that could be
read as two addresses, a parameter or a second line may pass.
"""

import re
import secrets
from uuid import UUID

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@{_LABEL}(?:\.{_LABEL})*")
LOCAL_MAX, ADDRESS_MAX = 64, 254  # RFC 5321, 4.5.3.1


class BadAddress(ValueError):
    """Not one plain address. The message names the rule, never the address."""


def checked_address(text: str) -> str:
    """The address unchanged, or BadAddress: no display name, no quotes, nothing outside ASCII."""
    address = _ADDRESS.fullmatch(text)
    if not address:
        raise BadAddress("not one plain mailbox address")
    if len(text) > ADDRESS_MAX or len(address["local"]) > LOCAL_MAX:
        raise BadAddress("the mailbox address is too long")
    return text


def domain(address: str) -> str:
    """The part after the @."""
    return address.rpartition("@")[2]


def envelope_sender(mailbox: str, mail_id: UUID) -> str:
    """The address for reports about this mail: `mailbox` with a tag that cannot be guessed."""
    local, _, host = mailbox.rpartition("@")
    return f"{local}+{mail_id.hex}-{secrets.token_hex(6)}@{host}"
