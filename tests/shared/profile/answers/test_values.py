"""Each type against what people and machines send: nothing is coerced, nothing hurts a reader."""

from typing import Any

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from shared import typed
from shared.profile.answers import validation
from tests.shared.forms import EXAMPLE, UNHURRIED, answers_of, refusals


def accepted(**changes: Any) -> Any:
    """The one changed answer as it is kept."""
    (key,) = changes
    return validation.load(EXAMPLE, answers_of("partner-half-idea", **changes))[key]


def refused(**changes: Any) -> str:
    """The code of the one problem that this change makes."""
    problems = refusals(answers_of("partner-half-idea", **changes))
    assert len(problems) == 1
    return problems.popitem()[1]


@pytest.mark.parametrize("blank", ["", "   ", "\u3164", "\u200b\u200d", "\u00a0", "\u2800\ufe0f"])
def test_a_text_of_which_nothing_can_be_seen_is_no_answer(blank: str) -> None:
    assert refused(contact_name=blank) == "required"
    assert refused(org_location=blank) == "empty"
    assert refused(summary=blank) == "required"


@pytest.mark.parametrize(
    "code", ["<script>alert(1)</script>", '"><img src=x onerror=a>', "{{7*7}}", "${7*7}", "=1+1"]
)
def test_code_is_only_text(code: str) -> None:
    assert accepted(contact_name=code) == code
    assert accepted(summary=code) == code


@pytest.mark.parametrize("bad", ["\0", "\x1b[31m", "\a", "\x7f", "\x85", "\u2028", "\ud800", "\t"])
def test_a_control_character_is_refused_in_every_text(bad: str) -> None:
    for key in ("contact_name", "summary", "contact_phone", "contact_email", "org_website"):
        assert refused(**{key: f"a{bad}b"}) == "bad_text"
    assert refused(skills=[f"a{bad}b"]) == "bad_text"


def test_line_breaks_belong_in_long_texts_only() -> None:
    assert accepted(summary="One.\n\nTwo.\n") == "One.\n\nTwo."
    assert refused(contact_name="a\nb") == "bad_text"
    assert refused(contact_name="a\r\nBcc: x@y.org") == "bad_text"
    assert refused(summary="a\rb") == "bad_text"
    assert accepted(summary=typed.text("One.\r\nTwo.\tThree.\r")) == "One.\nTwo. Three."


def test_overrides_that_turn_a_line_around_are_refused() -> None:
    for override in "\u202a\u202e\u2066\u2069":
        assert refused(contact_name=f"a{override}gpj.exe") == "bad_text"
    assert accepted(contact_name="משה כהן") == "משה כהן"


def test_text_is_composed_and_trimmed_before_it_is_counted() -> None:
    decomposed = "  " + "e\u0301" * 120 + " "
    assert accepted(contact_name=decomposed) == "é" * 120
    assert refused(contact_name="é" * 121) == "too_long"


def test_characters_are_counted_as_code_points() -> None:
    family = "👨\u200d👩\u200d👧"
    assert accepted(working_title=family * 16) == family * 16
    assert refused(working_title=family * 16 + "!") == "too_long"


def test_piled_up_accents_are_refused() -> None:
    assert accepted(contact_name="x" + "\u0322" * 8) == "x" + "\u0322" * 8
    assert refused(contact_name="x" + "\u0322" * 9) == "bad_text"
    assert accepted(contact_name="Nguyễn Thị Hòa") == "Nguyễn Thị Hòa"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("a+tag@b.org", "a+tag@b.org"),
        ("o'neil@b.org", "o'neil@b.org"),
        ("a@münchen.example", "a@xn--mnchen-3ya.example"),
        ("A.B@LAKESIDE.EXAMPLE", "A.B@lakeside.example"),
        (" a@b.org ", "a@b.org"),
    ],
)
def test_one_real_address_is_kept_as_it_goes_over_the_wire(address: str, kept: str) -> None:
    assert accepted(contact_email=address) == kept


@pytest.mark.parametrize(
    "address",
    [
        "a@b.org,c@d.org",
        "a@b.org;c@d.org",
        '"a b"@x.org',
        "a@[127.0.0.1]",
        "a@localhost",
        "ａ@b.org",
        "ü@b.org",
        "x" * 65 + "@b.org",
        "x" * 300 + "@b.org",
        "a@" + ("b" * 61 + ".") * 4 + "museum",
        "a@b.org.",
        "<a@b.org>",
        "A <a@b.org>",
        "a@b..org",
        "@b.org",
        "a@",
        "a b@c.org",
        "a@xn--0.example",
    ],
)
def test_anything_but_one_address_is_refused(address: str) -> None:
    assert refused(contact_email=address) in ("bad_email", "too_long")


def test_a_header_hidden_in_an_address_is_refused() -> None:
    assert refused(contact_email="a@b.org\r\nBcc:x@y.org") == "bad_text"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "ftp://a.org",
        "//a.org",
        "a.org",
        "https://",
        "https://localhost",
        "https://a.org:99999/",
        "https://[::1",
        "https://user:pass@a.org",
        "https://a.org/ b",
        "https:\\\\a.org",
        'https://a.org/"onclick=x',
    ],
)
def test_only_a_web_address_is_a_link(address: str) -> None:
    assert refused(org_website=address) == "bad_url"


def test_web_addresses_are_kept_as_typed() -> None:
    for address in (
        "https://brightpost.example/a?b=c&d=%20#e",
        "HTTP://A.org",
        "http://1.2.3.4:80",
    ):
        assert accepted(org_website=address) == address


@pytest.mark.parametrize("number", ["+1 (937) 555-0119", "5135550117", "513 555 0117 ext. 4"])
def test_a_phone_number_is_kept_as_typed(number: str) -> None:
    assert accepted(contact_phone=number) == number


@pytest.mark.parametrize(
    "text", ["513-555-0188 or 513-555-0199", "+1 (513) 555-0188 ext. 4 home", "Desk: 513-555-0188"]
)
def test_text_with_a_phone_number_is_kept_as_typed(text: str) -> None:
    assert accepted(contact_phone=text) == text


@pytest.mark.parametrize(
    "number", ["call me", "room 12, 8-5, 24/7", "555", "........", "５１３５５５０１１７", "1" * 41]
)
def test_what_is_no_phone_number_is_refused(number: str) -> None:
    assert refused(contact_phone=number) in ("bad_phone", "too_long")


@pytest.mark.parametrize(
    "number",
    ["5", "１２", "1_000", "1e3", " 7 ", True, 1.0, 1.9, float("nan"), float("inf"), [5]],
)
def test_only_a_whole_number_is_a_whole_number(number: Any) -> None:
    assert refused(learner_count_year=number) == "bad_number"
    fee = {"payers": ["learner_fee"], "fee": number}
    assert refused(who_pays=fee) == "bad_number"


def test_numbers_stay_within_their_limits() -> None:
    for number in (0, -1, 100_001, 10**4000):
        assert refused(learner_count_year=number) == "out_of_range"
    assert accepted(learner_count_year=1) == 1
    assert accepted(learner_count_year={"from": 1, "to": 100_000}) == {"from": 1, "to": 100_000}
    for odd in ({"from": 3, "to": 2}, {"from": 3}, {"from": 1, "to": 2, "by": 1}):
        assert refused(learner_count_year=odd) == "bad_number"


def test_numbers_in_halves() -> None:
    def span(amount: Any) -> dict[str, Any]:
        return {"span": amount, "span_unit": "weeks"}

    assert accepted(length=span(1.5)) == span(1.5)
    whole = accepted(length=span(2.0))
    assert whole == span(2) and type(whole["span"]) is int
    for odd in (1.3, "1.5", True, float("nan"), float("inf"), 1e308):
        assert refused(length=span(odd)) in ("bad_number", "out_of_range")


@pytest.mark.parametrize("month", ["2027-03", "2027-03-01", "2028-02-29"])
def test_a_month_or_day_that_exists_is_kept(month: str) -> None:
    assert accepted(needed_by={"month": month}) == {"month": month}


@pytest.mark.parametrize(
    "month", ["2027", "2027-13", "2027-02-30", "2027-3", "1999-01", "٢٠٢٧-٠٣", "2027-03-01T00:00"]
)
def test_a_month_that_does_not_exist_is_refused(month: str) -> None:
    assert refused(needed_by={"month": month}) == "bad_date"


def test_consent_is_true_and_nothing_like_it() -> None:
    assert refused(consent_privacy=False) == "required"
    for odd in ("true", "on", 1, [True]):
        assert refused(consent_privacy=odd) == "type"
    assert accepted(copy_to_me=False) is False


@UNHURRIED
@any_of(st.text(max_size=200))
def test_whatever_is_typed_is_refused_or_kept_in_one_form(text: str) -> None:
    body = answers_of("partner-half-idea", need=text)
    if not refusals(body):
        kept = validation.load(EXAMPLE, body)["need"]
        assert kept.strip() == kept != ""
        assert kept.encode() and "\0" not in kept
        assert accepted(need=kept) == kept


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)


@UNHURRIED
@any_of(st.sampled_from(sorted(EXAMPLE.by_key)), JSON)
def test_no_json_breaks_the_validation(key: str, value: Any) -> None:
    """Anything is accepted or refused with a pointer; nothing else may be raised."""
    for pointer in refusals(answers_of("faculty-full-water-testing", **{key: value})):
        assert pointer.startswith("/")
