"""Requests that no careful client sends, and those that are nearly right."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import schemathesis
from hypothesis import strategies as st

from shared.profile import Profile
from shared.profile.answers import json_schema
from tests.apps import EXAMPLE, TOKEN
from tests.factories import a_key
from tests.fuzz.world import ARGUMENT, NOBODY, Ask, Known, World

ODD = (
    *("", " ", "\x00", "\u0085", "\u2028", "\u202e", "\ufffd", "\u3164", "\u0663", "\U0010ffff"),
    *(
        "-1",
        "0",
        "1e400",
        "NaN",
        "9" * 20,
        "9" * 5000,
        "skills:" + "9" * 5000,
        "[]",
        "null",
        "2027-13",
    ),
    *("../..", "//evil.example", "https://x.org", "javascript:alert(1)", "%", "_", "{{7*7}}"),
    *("a@b.org\r\nBcc: x@y.org", "a@" + "a-." * 500, "'; DROP TABLE proposals; --", "~not_sure"),
    *("e" + "\u0301" * 500, "x" * 20_000, "1970-01-01~1~" + "0" * 32, "HK4T-W7RB"),
    "00000000-0000-0000-0000-000000000000",
)
BYTES = (b"%ff", b"%00", b"%ed%a0%80", b"%", b"%zz", b"\xff", b"\0", b"&", b"=", b"+", b";")
NAMES = (
    *("q", "after", "before", "lang", "next", "tab", "done", "known", "as", "back", "sort", "due"),
    *("office", "revision", "csrf_token", "remove", "add", "go", "draft", "text", "password"),
)
ENDINGS = ("", ".1.name", ".from", ".not_sure", ".99999999999.email", "[]", ".x")
HEADERS = (
    *("Host", "Cookie", "Accept", "Accept-Language", "Accept-Encoding", "Authorization", "Origin"),
    *("Range", "Sec-Fetch-Site", "X-Forwarded-For", "Forwarded", "traceparent", "If-None-Match"),
    *("Referer", "If-Modified-Since", "Idempotency-Key", "Content-Type", "Content-Encoding"),
    *("User-Agent", "HX-Request", "Transfer-Encoding", "Expect", "X-HTTP-Method-Override"),
)
URLENCODED = "application/x-www-form-urlencoded"
KINDS = (
    *(URLENCODED, f"{URLENCODED}; charset=utf-16", "multipart/form-data; boundary=x"),
    *("multipart/form-data", "application/json", "text/plain", "application/xml", ""),
)
PAGE = ("Accept", "text/html")

texts = st.sampled_from(ODD) | st.text(max_size=30).filter(lambda text: text.isprintable())
pairs = st.lists(st.tuples(st.sampled_from(NAMES), texts), max_size=4)
spoiled = st.tuples(st.integers(0, 10_000), st.sampled_from(BYTES))


def addresses(world: World) -> st.SearchStrategy[Ask]:
    """Every route and method, with odd arguments and queries."""

    def ask(who: str, place: Any, odd: list[str], query: Any, tail: bytes) -> Ask:
        path = place.path if not odd else _filled(place.rule, odd)
        words = urlencode(query, errors="surrogatepass") + tail.decode("latin-1")
        address = path + ("?" + words if words else "")
        return Ask(place.service, who, place.method, address, (PAGE,))

    tails = st.just(b"") | st.sampled_from(BYTES)
    return st.builds(
        ask,
        st.sampled_from(list(world.visitors)),
        st.sampled_from(world.places),
        st.lists(texts, max_size=3),
        pairs,
        tails,
    )


def forms(world: World) -> st.SearchStrategy[Ask]:
    """Every form of every page, with fields exchanged, dropped, doubled and spoiled."""

    def ask(known: Known, changes: Any, more: Any, whole: bool, noise: Any) -> Ask:
        fields = _changed(known, changes) + more
        body = urlencode(fields, errors="surrogatepass").encode()
        kind = URLENCODED
        if not whole:
            body, kind = _multipart(fields), "multipart/form-data; boundary=x"
        for place, byte in noise:
            place %= len(body) + 1
            body = body[:place] + byte + body[place:]
        headers = (PAGE, ("Content-Type", kind))
        return Ask(known.service, known.who, "POST", known.action, headers, body)

    change = st.tuples(st.integers(0, 100), st.sampled_from(ENDINGS), st.none() | texts)
    return st.builds(
        ask,
        st.sampled_from(world.forms),
        st.lists(change, max_size=4),
        st.just([]) | pairs,
        st.booleans(),
        st.lists(spoiled, max_size=1),
    )


def headers(world: World) -> st.SearchStrategy[Ask]:
    """Every route with odd headers and bodies of every kind."""
    values = texts.filter(lambda text: text.isascii() and text.isprintable() and len(text) < 8000)

    def ask(who: str, place: Any, given: Any, kind: str, body: bytes) -> Ask:
        sent = (*given.items(), *((("Content-Type", kind),) if kind else ()))
        return Ask(place.service, who, place.method, place.path, sent, body)

    return st.builds(
        ask,
        st.sampled_from(list(world.visitors)),
        st.sampled_from(world.places),
        st.dictionaries(st.sampled_from(HEADERS), values, max_size=4),
        st.sampled_from(KINDS),
        st.binary(max_size=60),
    )


def apis(world: World) -> st.SearchStrategy[Ask]:
    """Requests that fit the schemas of the JSON APIs, and requests that do not."""
    operations = [made.ok() for made in _schema().get_all_operations()]
    modes = schemathesis.GenerationMode
    cases = [each.as_strategy(generation_mode=modes.POSITIVE) for each in operations]
    cases += [
        each.as_strategy(generation_mode=modes.NEGATIVE)
        for each in operations
        if "{" not in each.path  # every text is a good reference for the schema
    ]
    return st.one_of(cases).map(_ask)


def _ask(case: Any) -> Ask:
    service = "review" if "/cases" in case.path else "intake"
    query = urlencode([(name, str(value)) for name, value in case.query.items()], errors="replace")
    body = case.body if isinstance(case.body, bytes) else b""
    if case.media_type and not body:
        body = json.dumps(case.body).encode()
    sent = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": a_key()}
    if case.media_type:
        sent["Content-Type"] = case.media_type
    path = case.formatted_path + ("?" + query if query else "")
    return Ask(service, NOBODY, case.method, path, tuple(sent.items()), body)


def _schema() -> Any:
    """The JSON APIs as OpenAPI; the body of a proposal is the schema that intake publishes."""
    answers = {"200": {"description": "the answer"}}
    reference = {"name": "reference", "in": "path", "required": True, "schema": {"type": "string"}}
    before = {"name": "before", "in": "query", "schema": {"type": "string"}}
    proposal = {"application/json": {"schema": json_schema.json_schema(Profile.of(EXAMPLE))}}
    body = {"required": True, "content": proposal}
    return schemathesis.openapi.from_dict(
        {
            "openapi": "3.1.0",
            "info": {"title": "Overture", "version": "1"},
            "paths": {
                "/api/v1/proposals": {"post": {"requestBody": body, "responses": answers}},
                "/api/v1/forms/interest": {"get": {"responses": answers}},
                "/api/v1/cases": {"get": {"parameters": [before], "responses": answers}},
                "/api/v1/cases/{reference}": {
                    "get": {"parameters": [reference], "responses": answers}
                },
            },
        }
    )


def _filled(rule: str, odd: list[str]) -> str:
    left = iter(odd * 4)
    return ARGUMENT.sub(lambda _: quote(next(left), safe="", errors="surrogatepass"), rule)


def _changed(known: Known, changes: Any) -> list[tuple[str, str]]:
    """The fields of the form and one of its buttons, with these changes."""
    fields = known.form.data()
    buttons = [(name, value) for name, value in known.form.buttons if name]
    fields += buttons[len(changes) % max(1, len(buttons)) :][:1]
    for place, ending, value in changes:
        if not fields:
            break
        name = fields[place % len(fields)][0]
        if value is None:
            del fields[place % len(fields)]
        elif ending:
            fields.append((name + ending, value))
        else:
            fields[place % len(fields)] = (name, value)
    return fields


def _multipart(fields: list[tuple[str, str]]) -> bytes:
    part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    text = "".join(part.format(name, value) for name, value in fields) + "--x--\r\n"
    return text.encode(errors="surrogatepass")


SURFACES: dict[str, Callable[[World], st.SearchStrategy[Ask]]] = {
    "addresses": addresses,
    "forms": forms,
    "headers": headers,
    "JSON APIs": apis,
}
