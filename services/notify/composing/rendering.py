"""A mail is rendered once: its bytes, its Date and its Message-ID are the same on every attempt.

Headers are where a mail can be abused. So every value is checked, encoded words are refused, and
the finished bytes are parsed back: exactly the expected headers, once each. This holds on every
Python; before 3.11.10 the standard library lets an encoded line break through.
"""

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.header import Header
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, quote
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.notify.composing import layout
from services.notify.composing.addresses import checked_address, domain
from shared import references
from shared.mails import reasons
from shared.mails.kinds import KINDS

HEADERS = (
    "Date",
    "Message-ID",
    "From",
    "Reply-To",
    "To",
    "Subject",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
)
UNSUBSCRIBE = "List-Unsubscribe"  # in digests and reminders
ONE_CLICK = "List-Unsubscribe-Post"  # RFC 8058, in reminders
CRLF, LINE = "\r\n", 75
GENERATION = 1  # part of the Message-ID; a new text of the same mail would need a new one

_ENCODED_WORD = re.compile(r"=\?.*\?=")
_VALUE = re.compile(r"[^\x00-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]{0,200}")
_WEB = re.compile(r"https?://[!-~]{1,2000}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# 7bit and CRLF for every text, so that the server need not offer 8BITMIME.
_WIRE = policy.SMTP.clone(cte_type="7bit")
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


_REFERENCE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


class BadHeader(ValueError):
    """A value is not safe in a header. The message names the header, never the value."""


class BadLink(ValueError):
    """The address of the button is not a plain web address."""


class Words(NamedTuple):
    """The final text of one mail, every placeholder filled in."""

    subject: str
    text: str


class Branding(NamedTuple):
    """The branding of a mail, from the institution profile; colors as #rrggbb."""

    institution: str
    brand: str
    on_brand: str


def message_id(mail_id: object, *, sender: str) -> str:
    """The Message-ID, the same on every attempt, so that mailboxes can drop a duplicate."""
    return f"<{mail_id}.{GENERATION}@{domain(sender)}>"


def render(
    request: dict[str, Any], *, words: Words, branding: Branding, sender: str, at: datetime
) -> bytes:
    """The finished mail, ASCII with CRLF line ends, for `request` (a loaded MailRequested).

    `sender` is the address of the From header, `at` the Date. Raises BadHeader, BadLink or
    BadAddress.
    """
    reply_to, to = request["reply_to"], checked_address(request["to_address"])
    subject = header_value("Subject", words.subject)
    head = {
        "Date": format_datetime(at),
        "Message-ID": message_id(request["mail_id"], sender=checked_address(sender)),
        "From": _mailbox("From", name=branding.institution, address=sender),
        "Reply-To": _mailbox("Reply-To", name=reply_to["name"], address=reply_to["email"]),
        "To": to,  # without a name: strangers choose it
        "Subject": _encoded("Subject", subject).encode(linesep=CRLF),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": _language(request["language"]),
    }
    if choose_at := request["variables"].get("choose_at"):
        # This page offers the choice; opening it changes nothing.
        head[UNSUBSCRIBE] = _web_header(choose_at)
    if url := request["variables"].get("unsubscribe_url"):
        head[UNSUBSCRIBE], head[ONE_CLICK] = _web_header(url), "List-Unsubscribe=One-Click"
    if request.get("key_header"):  # the mail server drops a second copy by this key
        head[header_name(request["key_header"])] = str(request["mail_id"])
    # Not by EmailMessage: its folding changes spaces in one of twelve long Spanish subjects.
    lines = "".join(f"{name}: {value}{CRLF}" for name, value in head.items())
    finished = lines.encode("ascii") + _parts(request, words=words, branding=branding).as_bytes()
    names = [*head, "MIME-Version", "Content-Type"]
    boxes = [sender, reply_to["email"], to]
    return _checked(finished, names, subject=subject, boxes=boxes)


def _parts(request: dict[str, Any], *, words: Words, branding: Branding) -> EmailMessage:
    footer = reasons.footer(KINDS[request["kind"]].reason, language=request["language"])
    message = EmailMessage(policy=_WIRE)
    message.set_content(f"{words.text}\n\n-- \n{footer}\n")
    blocks = _blocks(words.text, request["variables"])
    page = _PAGES.get_template("notify/mail.html").render(
        subject=words.subject,
        preview=layout.preview(blocks),
        reference=request["variables"].get("reference", ""),
        language=request["language"],
        branding=branding,
        office=request["variables"]["office"],
        blocks=blocks,
        footer=footer,
    )
    message.add_alternative(page, subtype="html")
    return message


def _blocks(text: str, variables: dict[str, Any]) -> list[layout.Block]:
    lists = {str(value) for name, value in variables.items() if name.endswith("_list")}
    return layout.blocks(text, action_url=action_url(variables), lists=lists)


def action_url(variables: dict[str, Any]) -> str:
    """The address that the button opens; each kind of mail has one. Raises BadLink unless it is a
    web page.
    """
    return _page(next(value for name, value in variables.items() if name.endswith("_url")))


def _page(url: str) -> str:
    if not _WEB.fullmatch(url):
        raise BadLink("the link is not a web address")
    return url


def _web_header(url: str) -> str:
    return header_value(UNSUBSCRIBE, f"<{_page(url)}>")


def header_value(name: str, value: str) -> str:
    """The value unchanged if it is safe in a header, even when decoded. Raises BadHeader."""
    if not _VALUE.fullmatch(value) or _ENCODED_WORD.search(value):
        raise BadHeader(f"{name} has characters that are not allowed in a header")
    return value


def _mailbox(header: str, *, name: str, address: str) -> str:
    phrase = header_value(header, name)
    encoded = _encoded(header, f'"{quote(phrase)}"' if phrase.isascii() else phrase)
    encoded.append(f"<{checked_address(address)}>", "us-ascii")
    return encoded.encode(linesep=CRLF)


def _encoded(header: str, value: str) -> Header:
    charset = "us-ascii" if value.isascii() else "utf-8"
    return Header(value, charset, maxlinelen=LINE, header_name=header)


def _language(tag: str) -> str:
    if not _LANGUAGE.fullmatch(tag):
        raise BadHeader("Content-Language is not a language tag")
    return tag


def header_name(name: str) -> str:
    """The name unchanged if a mail may have an extra header of this name. Raises BadHeader."""
    if not _NAME.fullmatch(name) or name in (*HEADERS, UNSUBSCRIBE, ONE_CLICK):
        raise BadHeader("it is not the name of an extra header")
    return name


def _checked(finished: bytes, names: list[str], *, subject: str, boxes: list[str]) -> bytes:
    """Parse the bytes as a mailbox would: no value may have become a header or ended them early."""
    # The newer policies would parse every header of every part.
    parsed = BytesParser(policy=policy.compat32).parsebytes(finished)
    if sorted(parsed.keys()) != sorted(names) or parsed.defects:
        raise BadHeader("the rendered mail has unexpected headers")
    raw = dict(parsed.raw_items())
    subject_read, *mailboxes = (
        policy.SMTP.header_fetch_parse(name, raw[name])
        for name in ("Subject", "From", "Reply-To", "To")
    )
    read = [box.addr_spec for header in mailboxes for box in header.addresses]
    if (subject_read, read) != (subject, boxes) or not finished.isascii():
        raise BadHeader("the rendered mail does not read back as it was written")
    return finished


def reference_in(rendered: bytes) -> str | None:
    """The reference in the subject of a rendered mail, as people have it."""
    subject = str(message_from_bytes(rendered, policy=policy.default)["Subject"] or "")
    found = _REFERENCE.search(subject)
    return found[0] if found and references.parse(found[0]) else None
