"""Hostile values in a mail, checked on the wire."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html.parser import HTMLParser

import pytest

from tests.notify.hostile_values import HOSTILE_ADDRESSES, HOSTILE_VALUES
from tests.notify.mailing import announced, requested, sender, states, wait_for_state
from tests.notify.sample_variables import VARIABLES
from tests.smtp_sink import Server, sink

SENDER = "ideas@lakeside.example"
MARKUP = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '<a href="javascript:alert(1)">Click</a>',
    '<p style="background:url(http://x.example/)">x</p>',
    '<base href="http://x.example/">',
    '<form action="http://x.example/"><input name=q></form>',
    "</h1><style>*{display:none}</style>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


class Page(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, page: str):
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.names: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]


def read(server: Server) -> EmailMessage:
    (mail,) = server.accepted
    return BytesParser(EmailMessage, policy=policy.SMTP).parsebytes(mail.body)


def page_of(mail: EmailMessage) -> Page:
    part = mail.get_body(("html",))
    assert part is not None
    return Page(part.get_content())


SAYABLE = {name: value for name, value in HOSTILE_VALUES.items() if name != "half a character"}


@pytest.mark.parametrize("value", SAYABLE.values(), ids=SAYABLE.keys())
def test_a_value_that_could_become_a_header_is_never_sent(make, value):
    with sink() as server:
        app = make(server)
        with sender(app):
            hostile = requested(app, variables={**VARIABLES, "reference": value})
            wait_for_state(app, requested(app), "sent")
        assert states(app, hostile) == ["failed"]
        assert len(server.accepted) == 1
        assert "Bcc" not in read(server)


@pytest.mark.parametrize("address", [one for one in HOSTILE_ADDRESSES if one])
def test_an_invalid_address_is_never_given_to_a_server(make, address):
    with sink() as server:
        app = make(server)
        with sender(app):
            hostile = requested(app, to_address=address)
            wait_for_state(app, requested(app), "sent")
        assert states(app, hostile) == ["failed"]
        rcpt = [line for line in server.commands if line.startswith("RCPT")]
    assert rcpt == ["RCPT TO:<dolores@hospital.example>"]


def test_a_mail_is_from_us_and_answers_go_to_the_office_for_every_request(make):
    with sink() as server:
        app = make(server)
        with sender(app):
            mail_id = requested(app, to_name="President <president@lakeside.example>",
                                variables={**VARIABLES, "name": "evil@x.example"})  # fmt: skip
            wait_for_state(app, mail_id, "sent")
        assert server.accepted[0].sender == SENDER
        mail = read(server)
    boxes = {name: [box.addr_spec for box in mail[name].addresses] for name in ("From", "To")}
    assert boxes == {"From": [SENDER], "To": ["dolores@hospital.example"]}
    assert mail["Reply-To"].addresses[0].addr_spec == "elearning@lakeside.example"
    assert "president" not in str(mail.items()) and "Sender" not in mail


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_in_a_value_is_text_in_both_parts(make, markup):
    with sink() as server:
        app = make(server)
        with sender(app):
            wait_for_state(app, requested(app, variables={**VARIABLES, "name": "Dolores"}), "sent")
        usual = page_of(read(server))
        server.accepted.clear()
        with sender(app):
            wait_for_state(app, requested(app, variables={**VARIABLES, "title": markup}), "sent")
        mail = read(server)
    page = page_of(mail)
    assert (page.tags, page.names, page.links) == (usual.tags, usual.names, usual.links)
    text = mail.get_body(("plain",))
    assert text is not None and markup in text.get_content().replace("\r\n", " ")


LINKS = ["javascript:alert(1)", "data:text/html,<script>", "JAVASCRIPT:x", "//x.example/", "",
         "ftp://x.example/", 'http://x.example/" onclick="x', "http://x.example/ b", " http://x/",
         "http://x.example/\nhttp://y.example/"]  # fmt: skip


@pytest.mark.parametrize("url", LINKS)
def test_the_button_of_a_mail_opens_a_web_page_or_there_is_no_mail(make, url):
    with sink() as server:
        app = make(server)
        with sender(app):
            hostile = requested(app, variables={**VARIABLES, "status_url": url})
            wait_for_state(app, requested(app), "sent")
        if states(app, hostile) == ["failed"]:
            assert announced(app)[0]["reason"].startswith("It cannot be rendered: ")
            assert len(server.accepted) == 1
            return
        wait_for_state(app, hostile, "sent")
        pages = [BytesParser(EmailMessage, policy=policy.SMTP).parsebytes(mail.body)
                 for mail in server.accepted]  # fmt: skip
    for mail in pages:
        page = page_of(mail)
        assert all(link.startswith("http://") for link in page.links)
        assert not any(name.startswith("on") for name in page.names)
