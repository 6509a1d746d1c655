"""JSON that two parsers could read differently is refused, each kind with its own code."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import strict_json

REFUSED = {
    "not UTF-8": (b'{"a":"\xff"}', "not_utf8"),
    "UTF-16": ('{"a":1}'.encode("utf-16"), "not_utf8"),
    "empty": (b"", "not_json"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "not_json"),
    "cut off": (b'{"a":', "not_json"),
    "text behind it": (b"{} {}", "not_json"),
    "a comment": (b"{} // no", "not_json"),
    "single quotes": (b"{'a':1}", "not_json"),
    "a raw newline in a text": (b'{"a":"\n"}', "not_json"),
    "a trailing comma": (b"[1,]", "not_json"),
    "one level too many": (b"[" * 33 + b"]" * 33, "too_deep"),
    "a hundred thousand brackets": (b"[" * 100_000, "too_deep"),
    "objects too deep": (b'{"a":' * 40 + b"1" + b"}" * 40, "too_deep"),
    "a key twice": (b'{"a":1,"a":2}', "duplicate_key"),
    "a key twice, written differently": (b'{"a":1,"\\u0061":2}', "duplicate_key"),
    "a key twice, deep inside": (b'{"x":[{"a":1,"a":1}]}', "duplicate_key"),
    "NaN": (b"[NaN]", "bad_number"),
    "Infinity": (b"[-Infinity]", "bad_number"),
    "1e400": (b"[1e400]", "bad_number"),
    "minus zero": (b"[-0]", "bad_number"),
    "minus zero with a point": (b"[-0.0]", "bad_number"),
    "sixteen digits": (b"[1234567890123456]", "bad_number"),
    "five thousand digits": (b"[" + b"9" * 5000 + b"]", "bad_number"),
    "five thousand decimals": (b"[1." + b"3" * 5000 + b"]", "bad_number"),
    "half a character": (b'{"a":"\\ud800"}', "bad_text"),
    "half a character in a key": (b'{"\\udfff":1}', "bad_text"),
}


@pytest.mark.parametrize(("document", "code"), REFUSED.values(), ids=REFUSED)
def test_a_doubtful_document_is_refused_under_its_name(document: bytes, code: str):
    with pytest.raises(strict_json.BadJSON) as caught:
        strict_json.loads(document)
    assert caught.value.code == code
    assert str(caught.value)


@pytest.mark.parametrize(
    ("document", "value"),
    [
        (b' {"a": [1, 2.5, true, null, "x"]} ', {"a": [1, 2.5, True, None, "x"]}),
        (b"[" * 32 + b"]" * 32, None),
        (b'"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["', "[" * 36),
        (b'"\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["', '"' + "[" * 34),
        (b'"\\ud83d\\ude00"', "\N{GRINNING FACE}"),
        (b"999999999999999", 999_999_999_999_999),
    ],
    ids=["usual", "32 levels", "brackets in a text", "after a quote", "a pair", "15 digits"],
)
def test_a_plain_document_is_read(document: bytes, value: Any):
    assert strict_json.loads(document) == (json.loads(document) if value is None else value)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
)


@given(VALUES)
def test_what_we_write_is_what_we_read(value: Any):
    try:
        assert strict_json.loads(strict_json.dumps(value)) == value
    except UnicodeEncodeError:  # a lone surrogate cannot be written either
        assert any(0xD800 <= ord(character) < 0xE000 for character in str(value))


@given(st.binary(max_size=200))
def test_no_bytes_cause_anything_but_a_refusal(document: bytes):
    try:
        strict_json.loads(document)
    except strict_json.BadJSON as error:
        assert error.code in {code for _, code in REFUSED.values()}


def test_equal_values_have_one_canonical_form():
    one, other = strict_json.loads(b'{"b":1,"a":[2]}'), strict_json.loads(b' {"a": [2], "b": 1}')
    assert strict_json.canonical(one) == strict_json.canonical(other)
    assert strict_json.canonical(one) != strict_json.canonical({"a": [2], "b": 2})
