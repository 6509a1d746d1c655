"""No sentence about an address repeats a part of its password, whatever characters that has."""

import pytest

from shared.settings.checks import BadSettings
from tests import apps

ADDRESSES = {
    "SMTP_URL": ("notify", "smtp://user:{}@smtp.example.edu:587"),
    "IMAP_URL": ("notify", "imaps://user:{}@imap.example.edu/INBOX"),
    "ARCHIVE_IMAP_URL": ("notify", "imaps://user:{}@imap.example.edu/INBOX"),
    "BROKER_URL": ("intake", "amqps://overture:{}@mq.example.edu/overture"),
    "DATABASE_URL": ("intake", "postgresql://x:{}@db.example.edu/x?sslmode=verify-full"),
}
MUST_BE_ENCODED = ("#", "/", "?", "[", "\N{FULLWIDTH NUMBER SIGN}")
CASES = [(name, mark) for name in ADDRESSES for mark in (*MUST_BE_ENCODED, "@", ":")]


def said_about(name: str, url: str) -> str:
    """What an installation on the Internet says at start; "" if it starts."""
    service = ADDRESSES[name][0]
    more = {"ARCHIVE_TO": "archive@example.edu"} if name == "ARCHIVE_IMAP_URL" else {}
    try:
        apps.make(service, **apps.PUBLIC | more | {name: url})
    except BadSettings as error:
        return str(error)
    return ""


@pytest.mark.parametrize("start", ["hunter", "12"])
@pytest.mark.parametrize(("name", "mark"), CASES)
def test_no_part_of_a_password_is_in_the_sentence(name: str, mark: str, start: str):
    said = said_about(name, ADDRESSES[name][1].format(f"{start}{mark}zebra"))
    if said or (name != "DATABASE_URL" and mark in MUST_BE_ENCODED):
        assert said.startswith(f"OVERTURE_{name} cannot be read: percent-encode # / @ : in user")
        assert start not in said and "zebra" not in said and "\n" not in said


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_percent_encoded_password_is_taken(name: str):
    assert said_about(name, ADDRESSES[name][1].format("hunter%23%2F%40%3A2")) == ""


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_port_that_is_no_number_is_refused_without_the_parsers_words(name: str):
    _, url = ADDRESSES[name]
    scheme, _, rest = url.format("p").partition("@")
    host, mark, end = rest.partition("/")
    said = said_about(name, f"{scheme}@{host.partition(':')[0]}:port{mark}{end}")
    assert said.startswith(f"OVERTURE_{name} cannot be read: ") and "ast to integer" not in said


def test_the_variable_that_was_set_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NOTIFY_SMTP_URL", "foo")
    with pytest.raises(BadSettings) as raised:
        apps.make("notify", SMTP_URL="foo")
    assert str(raised.value).startswith("NOTIFY_SMTP_URL cannot be used: ")
