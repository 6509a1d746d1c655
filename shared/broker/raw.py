"""Receive message bodies as raw bytes: switch off the decoders of kombu and py-amqp.

kombu decompresses a body with a `compression` header before we can refuse it (194 kB become
200 MB). py-amqp decodes a body by its claimed encoding. It also raises errors in a message's
properties (a name that is not UTF-8, a date in the year 10000, deeply nested tables) from the
connection, so such a message would kill every consumer, again and again. Both keep their decoders
in a registry, which `disable_decoders` changes for the whole process.
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

_BASIC = 60  # the AMQP class of methods that carry messages
_decode = serialization.PROPERTY_CLASSES[_BASIC]


def disable_decoders() -> None:
    """Disable decompression, and read broken properties as none. Safe to call again."""
    kombu.compression._decoders.clear()
    serialization.PROPERTY_CLASSES[_BASIC] = _properties


def open_channel(connection: Connection) -> Any:
    """A channel that does not decode message bodies."""
    channel = connection.channel()
    channel.auto_decode = False
    return channel


def _properties(frame: Any, offset: int) -> tuple[dict[str, Any], int]:
    try:
        properties, end = _decode(frame, offset)
    except UNREADABLE:
        return {}, len(frame)
    return properties, end
