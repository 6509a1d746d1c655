"""SMTP: the second edge of the suite, as steps between which the database can be marked.

`smtplib.sendmail` raises the same exception whether the line broke before or after the final dot.
Before the dot a server must forget the mail; after it the outcome is unknown. That decides between
"send again" and "ask". So body and dot are two steps here, and each failure says where it happened.
"""

from services.notify.smtp.conversation import Conversation
from services.notify.smtp.outcomes import (
    Deferred,
    InDoubt,
    Lost,
    NotAccepted,
    Refused,
    ServerTrouble,
)
from services.notify.smtp.server import Server, Timeouts, server_from_url

__all__ = [
    "Conversation",
    "Deferred",
    "InDoubt",
    "Lost",
    "NotAccepted",
    "Refused",
    "Server",
    "ServerTrouble",
    "Timeouts",
    "server_from_url",
]
