"""The finished mail: what it says, and that nothing in it can become a header or an address."""

import random
import uuid
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.composing.addresses import BadAddress
from services.notify.composing.rendering import HEADERS, BadHeader, Branding, Words, render
from tests.notify.hostile_values import HOSTILE_ADDRESSES, HOSTILE_VALUES

LOOK = Branding("Lakeside State University", "#0d4a5b", "#ffffff")
AT = datetime(2026, 11, 9, 20, 12, tzinfo=UTC)
URL = "http://127.0.0.1:8000/status/HK4TW7RB"
TEXT = f"""Dear Dolores,

Your idea <b>“Sterile & clean”</b> has reached us.

What happens next:

- By Friday, somebody writes.
- By Tuesday, we talk.

See where it stands:
{URL}

.
From the office"""


def a_request(**changes: Any) -> dict[str, Any]:
    """What the handler has loaded of a mail.requested."""
    return {
        "mail_id": uuid.UUID(int=7),
        "kind": "receipt",
        "to_address": "dolores@hospital.example",
        "reply_to": {"name": "Renée Kowalczyk, PhD", "email": "elearning@lakeside.example"},
        "language": "en",
        "variables": {
            "office": "eLearning <office>",
            "reference": "HK4T-W7RB",
            "status_url": URL,
        },
        **changes,
    }


def finished(subject: str = "We have your idea: HK4T-W7RB", **changes: Any) -> bytes:
    return render(
        a_request(**changes),
        words=Words(subject, TEXT),
        branding=LOOK,
        sender="ideas@lakeside.example",
        at=AT,
    )


def read(mail: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.SMTP).parsebytes(mail)


def test_every_header_is_there_once_and_says_what_it_should():
    mail = read(finished())
    assert sorted(mail.keys()) == sorted(HEADERS)
    headers = {name: str(mail[name]) for name in HEADERS}
    assert headers["Date"] == "Mon, 09 Nov 2026 20:12:00 +0000"
    assert headers["Message-ID"] == f"<{uuid.UUID(int=7)}.1@lakeside.example>"
    assert headers["From"] == "Lakeside State University <ideas@lakeside.example>"
    assert headers["Reply-To"] == '"Renée Kowalczyk, PhD" <elearning@lakeside.example>'
    assert headers["To"] == "dolores@hospital.example"
    assert headers["Subject"] == "We have your idea: HK4T-W7RB"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-Auto-Response-Suppress"] == "All"
    assert headers["Content-Language"] == "en"


def test_the_bytes_need_no_smtp_extension_and_have_short_lines():
    mail = finished()
    assert mail.isascii()
    assert mail.replace(b"\r\n", b"").count(b"\n") == 0
    assert max(map(len, mail.split(b"\r\n"))) <= 78


def test_the_text_part_is_the_text_and_a_footer():
    text = read(finished()).get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n").startswith(TEXT)
    assert "We don’t track" in text.get_content()


def test_the_html_part_repeats_the_text_escaped_with_one_button_and_no_tracking():
    part = read(finished()).get_body(("html",))
    assert part is not None
    page = part.get_content()
    assert "Your idea &lt;b&gt;“Sterile &amp; clean”&lt;/b&gt; has reached us." in page
    assert "eLearning &lt;office&gt;" in page
    assert page.count("<a ") == 1
    assert f'<a href="{URL}"' in page and ">See where it stands</a>" in page
    assert page.count("<li") == 2
    assert "background:#0d4a5b" in page
    assert not any(word in page for word in ("<img", "<script", "@import", "url("))


def test_an_action_without_words_before_it_is_still_a_button():
    words = Words("A", f"Hello\n\n{URL}\n\n{URL}")
    mail = render(a_request(), words=words, branding=LOOK, sender="a@x.example", at=AT)
    part = read(mail).get_body(("html",))
    assert part is not None
    assert part.get_content().count("<a ") == 1


@pytest.mark.parametrize("language, says", [("es", "No registramos"), ("en-US", "We don’t track")])
def test_the_footer_speaks_the_reader_s_language(language, says):
    mail = read(finished(language=language))
    text = mail.get_body(("plain",))
    assert text is not None and says in text.get_content()
    assert mail["Content-Language"] == language


@pytest.mark.parametrize("value", HOSTILE_VALUES.values(), ids=HOSTILE_VALUES.keys())
def test_what_could_become_a_header_is_refused_in_every_header(value):
    with pytest.raises(BadHeader):
        finished(subject=value)
    with pytest.raises(BadHeader):
        finished(reply_to={"name": value, "email": "elearning@lakeside.example"})
    with pytest.raises(BadHeader):
        finished(language=value)


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES)
def test_an_address_field_holds_one_plain_address(address):
    with pytest.raises(BadAddress):
        finished(to_address=address)
    with pytest.raises(BadAddress):
        finished(reply_to={"name": "R", "email": address})


def test_the_public_never_names_the_recipient_or_the_sender():
    mail = read(finished(to_name="Dean <evil@x.example>", **{"from": "evil@x.example"}))
    assert "evil" not in str(mail["To"]) + str(mail["From"]) + str(mail["Reply-To"])


SENTENCE = (
    "We have your idea: HK4T-W7RB contabilidad básica, “Gestión” de la educación ñandú École "
    "日本語 a1 😀 - (x) <y> @ , ; : \" \\ ' = ? # — recibimos"
)
WORDS = SENTENCE.split()


@pytest.mark.parametrize("seed", range(200))
def test_a_subject_of_any_language_and_length_reads_back_as_it_was_written(seed):
    dice = random.Random(seed)
    subject = " ".join(dice.choices(WORDS, k=dice.randint(1, 30)))[:200].strip()
    reply_to = {"name": subject[:80].strip(), "email": "r@lakeside.example"}
    assert read(finished(subject=subject, reply_to=reply_to))["Subject"] == subject


@settings(max_examples=60, deadline=None)
@given(subject=st.text(max_size=60), name=st.text(max_size=60))
def test_whatever_is_put_in_there_are_never_other_headers_or_other_people(subject, name):
    reply_to = {"name": name, "email": "elearning@lakeside.example"}
    try:
        mail = read(finished(subject=subject, reply_to=reply_to))
    except BadHeader:
        return
    assert sorted(mail.keys()) == sorted(HEADERS)
    boxes = [box.addr_spec for header in ("To", "Reply-To") for box in mail[header].addresses]
    assert boxes == ["dolores@hospital.example", "elearning@lakeside.example"]


def test_the_line_breaks_of_an_answer_are_kept_in_both_parts():
    typed = "- What is it?\n  It is new:\n  <b>one</b>\n  \n  - two"
    answers = f"See where it stands:\n{URL}\n\nAbout you\n\n- Your name: Dolores\n{typed}"
    mail = render(
        a_request(),
        words=Words("We have it: HK4T-W7RB", answers),
        branding=LOOK,
        sender="no-reply@lakeside.example",
        at=AT,
    )
    plain, page = (part.get_content() for part in read(mail).iter_parts())
    assert typed in plain.replace("\r\n", "\n")
    assert "<b>What is it?</b><br>It is new:<br>&lt;b&gt;one&lt;/b&gt;<br><br>- two" in page
    assert page.count("<li") == 2
