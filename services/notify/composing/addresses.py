"""One mailbox address, plain ASCII, as it may go into an envelope or a header.

Forms check addresses when they are typed. This is the last check before SMTP: nothing that could be
read as two addresses, a parameter or a second line may pass.
"""

import base64
import re
import secrets
from uuid import UUID

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@{_LABEL}(?:\.{_LABEL})*")
LOCAL_MAX, ADDRESS_MAX = 64, 254  # RFC 5321, 4.5.3.1
ID_LENGTH, KEY_BYTES = 26, 5  # characters of an id in base32, random bytes beside it
TAG_LENGTH = 1 + ID_LENGTH + KEY_BYTES * 8 // 5  # with its plus sign
TAGGED_MAX = LOCAL_MAX - TAG_LENGTH  # longest local part of a mailbox for reports


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
    """The address for reports about this mail: `mailbox` with a tag that cannot be guessed.

    The tag is base32, in which capital and small letters are the same: servers change them.
    """
    local, _, host = mailbox.rpartition("@")
    return f"{local}+{_base32(mail_id.bytes)}{_base32(secrets.token_bytes(KEY_BYTES))}@{host}"


def mail_id_in(tag: str) -> UUID | None:
    """The id of the mail in a tag of `envelope_sender`; None where it is no such tag."""
    try:
        raw = base64.b32decode(tag[:ID_LENGTH].upper() + "=" * (-ID_LENGTH % 8))
    except ValueError:
        return None
    return UUID(bytes=raw) if len(raw) == 16 else None


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").casefold()
