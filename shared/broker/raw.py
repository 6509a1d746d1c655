"""Messages reach us as the bytes they are: what the libraries would do to them first is taken away.

kombu inflates a body whose header says `compression` before anybody can refuse it (194 kB become
200 MB). py-amqp decodes a body by the encoding it claims, and lets an error in a message's
properties (a name that is not UTF-8, a date in the year 10000, tables in tables in tables) out of
the connection: such a message would end every consumer that meets it, again and again. Both keep
their decoders in a registry; `take_away` changes these for the process.
"""

import struct
from typing import Any

import kombu.compression
from amqp import serialization
from amqp.exceptions import FrameSyntaxError
from kombu.connection import Connection

UNREADABLE = (
    ValueError,
    ArithmeticError,
    LookupError,
    OSError,
    RecursionError,
    struct.error,
    FrameSyntaxError,
)

_BASIC = 60  # the class of AMQP methods that carry messages
_decode = serialization.PROPERTY_CLASSES[_BASIC]


def take_away() -> None:
    """No decompressing, and properties that cannot be read count as none. Safe to call again."""
    kombu.compression._decoders.clear()
    serialization.PROPERTY_CLASSES[_BASIC] = _properties


def open_channel(connection: Connection) -> Any:
    """A channel that leaves message bodies undecoded."""
    channel = connection.channel()
    channel.auto_decode = False
    return channel


def _properties(frame: Any, offset: int) -> tuple[dict[str, Any], int]:
    try:
        properties, end = _decode(frame, offset)
    except UNREADABLE:
        return {}, len(frame)
    return properties, end
