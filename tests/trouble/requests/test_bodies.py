"""A body that cannot be read to the letter is refused: nothing is dropped, guessed or replaced."""

from typing import Any

import pytest
from flask import Flask

from tests.apps import TOKEN, on_sqlite
from tests.factories import a_proposal, contents
from tests.hostile.api import posted
from tests.intake import form_filling as typed
from tests.intake.browsing import HTML, get
from tests.review.office import signed_in, visit

pytestmark = on_sqlite

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"


def part(value: bytes, *, name: bytes = b"name", more: bytes = b"") -> bytes:
    head = b'--x\r\nContent-Disposition: form-data; name="' + name + b'"\r\n' + more
    return head + b"\r\n" + value + b"\r\n--x--\r\n"


UNREADABLE: dict[str, tuple[str, bytes]] = {
    "a byte that is no UTF-8": (URLENCODED, b"name=\xff"),
    "an escaped byte that is no UTF-8": (URLENCODED, b"name=caf%E9"),
    "an escaped half of a character": (URLENCODED, b"name=%ed%a0%80"),
    "a name that is no UTF-8": (URLENCODED, b"%ff=1"),
    "another character set": (f"{URLENCODED}; charset=utf-16", b"name=x"),
    "a part that is no UTF-8": (MULTIPART, part(b"caf\xe9")),
    "a part with half a character": (MULTIPART, part(b"\xed\xa0\x80")),
    "a part whose name is no UTF-8": (MULTIPART, part(b"x", name=b"\xff")),
    "a part in another character set": (
        MULTIPART, part(b"x", more=b"Content-Type: text/plain; charset=utf-16\r\n")),
    "a part in an unknown character set": (
        MULTIPART, part(b"x", more=b"Content-Type: text/plain; charset=none\r\n")),
    "a part in another encoding": (
        MULTIPART, part(b"eA==", more=b"Content-Transfer-Encoding: base64\r\n")),
    "a part whose name cannot be read": (
        MULTIPART, b'--x\r\nContent-Disposition: form-data;%ff name="go"\r\n\r\nx\r\n--x--\r\n'),
    "a part without an end": (MULTIPART, part(b"x")[:-6]),
    "no part at all": (MULTIPART, b"name=x"),
}  # fmt: skip
FORMS = {
    "intake": ["/start", "/draft/you", "/draft/send", "/draft/link", "/link", "/link/code"],
    "review": ["/sign-in", "/password/forgotten", "/account/password", "/cases/HK4T-W7RB/note"],
}


@pytest.mark.parametrize(("kind", "body"), UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("service", FORMS)
def test_a_form_that_is_no_text_is_refused_and_changes_nothing(
    apps: dict[str, Flask], service: str, kind: str, body: bytes
):
    app = apps[service]
    client = signed_in(app) if service == "review" else app.test_client()
    before = contents(app)
    for path in FORMS[service]:
        answer = client.post(path, data=body, headers=HTML, content_type=kind)
        assert answer.status_code == 400, (path, answer.status_code)
        assert "not UTF-8" in answer.text or "could not be read" in answer.text
    assert contents(app) == before


def test_bytes_that_are_no_text_are_not_stored_as_question_marks(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = typed.begin(client, "partner")
    fields = dict(page.form.data()) | {"contact_name": "NAME", "go": "next"}
    body = b"".join(
        part(value.encode(), name=name.encode()).removesuffix(b"--x--\r\n")
        for name, value in fields.items()
    )
    answer = client.post(
        page.form.action or page.path,
        data=body.replace(b"NAME", b"Jos\xe9") + b"--x--\r\n",
        headers=HTML,
        content_type=MULTIPART,
    )
    assert answer.status_code == 400
    assert "\N{REPLACEMENT CHARACTER}" not in str(contents(apps["intake"]))
    assert get(client, page.path).status == 200


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "x", "identity, gzip"])
def test_an_encoding_that_we_do_not_decode_is_refused(apps: dict[str, Flask], encoding: str):
    headers = {"Content-Encoding": encoding}
    problem = posted(apps["intake"], a_proposal(), status=415, **headers)
    assert problem["code"] == "encoded"
    for service, path in (("intake", "/link"), ("review", "/sign-in")):
        answer = apps[service].test_client().post(path, data={"a": "b"}, headers=HTML | headers)
        assert answer.status_code == 415
        assert answer.headers["Accept-Encoding"] == "identity"


def test_an_encoding_that_changes_nothing_is_fine(apps: dict[str, Flask]):
    given = {"Content-Encoding": "identity"}
    answer = apps["intake"].test_client().post("/link", data={"known": "x"}, headers=HTML | given)
    assert answer.status_code == 400 and "timed out" in answer.text  # only the token is missing


def test_a_row_to_remove_with_five_thousand_digits_is_no_row(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = typed.begin(client, "partner")
    for removed in ("9" * 5000, "\u0663", "\u00b2", "-1", "0", " 1"):
        data: dict[str, Any] = dict(page.form.data()) | {"remove": f"skills:{removed}"}
        for name in ("learners", "idea", "shape", "details"):
            address = page.address.rpartition("/")[0]
            answer = client.post(f"{address}/{name}", data=data, headers=HTML)
            assert answer.status_code in (200, 303, 422), (name, removed[:9])


REFUSED = {
    "an unknown parameter": ("review", "/api/v1/cases?x=1", "unknown_parameter"),
    "one beside a known one": ("review", "/api/v1/cases?before=HK4T-W7RB&x=1", "unknown_parameter"),
    "one in other letters": ("review", "/api/v1/cases?Before=HK4T-W7RB", "unknown_parameter"),
    "a parameter twice": ("review", "/api/v1/cases?before=a&before=b", "repeated_parameter"),
    "one where none is known": ("review", "/api/v1/cases/HK4T-W7RB?fields=1", "unknown_parameter"),
    "one of the form": ("intake", "/api/v1/forms/interest?language=es", "unknown_parameter"),
}


@pytest.mark.parametrize(("service", "path", "code"), REFUSED.values(), ids=REFUSED)
def test_a_parameter_that_the_api_does_not_know_is_named(
    apps: dict[str, Flask], service: str, path: str, code: str
):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = apps[service].test_client().get(path, headers=headers)
    assert answer.status_code == 400
    assert answer.json["code"] == code and answer.json["detail"]


def test_pages_still_open_with_what_a_mail_program_adds_to_a_link(apps: dict[str, Flask]):
    assert get(apps["intake"].test_client(), "/?utm_source=x&fbclid=1").status == 200
    assert visit(apps["review"].test_client(), "/sign-in", utm_source="x").status == 200
