"""Dates and moments as pages say them, on the clock of the institution."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import g

from shared.dates import zone_name
from shared.profile import Profile
from shared.web.ui import filters, theme
from tests import apps
from tests.browser import gallery

AT = datetime(2026, 11, 18, 3, 5, tzinfo=UTC)  # 10:05 pm of the day before, in New York


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """intake with the example profile, in whose time zone the pages speak."""
    made = gallery.make(tmp_path_factory.mktemp("filters"))
    yield made
    apps.close(made)


def test_moments_are_shown_in_the_time_zone_of_the_institution(app):
    with app.test_request_context():
        assert filters.moment(AT).removesuffix(", 10:05 p.m. EST") == filters.day(
            date(2026, 11, 17)
        )
        assert filters.day(AT) == filters.day(date(2026, 11, 17))
        noon = datetime(2026, 11, 17, 17, 0, tzinfo=UTC)
        assert filters.moment(noon).endswith(", 12:00 p.m. EST")
        assert filters.moment(noon - timedelta(hours=12)).endswith(", 12:00 a.m. EST")


def test_the_name_of_the_zone_follows_the_season_and_is_an_offset_where_there_is_none(app):
    with app.test_request_context():
        assert filters.moment(AT - timedelta(days=120)).endswith(" EDT")
    assert zone_name(AT.astimezone(ZoneInfo("Asia/Kolkata"))) == "IST"
    assert zone_name(AT.astimezone(ZoneInfo("America/Sao_Paulo"))) == "UTC-3"
    assert zone_name(AT.astimezone(ZoneInfo("Asia/Kathmandu"))) == "UTC+5:45"
    assert zone_name(AT) == "UTC"


def test_the_clock_has_twelve_hours_in_spanish_too(app):
    with app.test_request_context():
        g.language = "es"
        assert filters.moment(AT).startswith("martes 17 de noviembre")
        assert filters.moment(AT).endswith(", 10:05 p.\N{NO-BREAK SPACE}m. EST")


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(seconds=-20), "just now"),
        (timedelta(minutes=1, seconds=5), "a minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=1, minutes=59), "an hour ago"),
        (timedelta(hours=21), "21 hours ago"),
        (timedelta(hours=23), "yesterday"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=9), "9 days ago"),
        (timedelta(minutes=-30), "in 30 minutes"),
        (timedelta(hours=-5), "in 5 hours"),
        (timedelta(hours=-8), "tomorrow"),
        (timedelta(days=-4), "in 4 days"),
    ],
)
def test_recent_moments_are_shown_relative_to_now(app, before, said):
    with app.test_request_context():
        assert filters.ago(AT - before, seen_at=AT) == said


def test_distant_moments_are_shown_by_their_day(app):
    with app.test_request_context():
        long_ago = AT - timedelta(days=10)
        assert filters.ago(long_ago, seen_at=AT) == filters.day(long_ago)


def test_every_relative_moment_has_the_exact_one(client):
    text = client.get("/gallery/parts").text
    assert 'title="' in text.split("<time ")[1].split(">")[0]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Renee Castellano", "RC"),
        ("Prof. Mei-Ling Chen", "MC"),
        ("Dr. Amina Yusuf", "AY"),
        ("Prof. Dr. Walter Nakagawa", "WN"),
        ("Prof.ª Ana Sousa", "AS"),
        ("Dra. Lucía Ibáñez", "LI"),
        ("mx Ash Lee", "AL"),
        ("Dr.", "D"),
        ("Drew Mason", "DM"),
        ("Tomás", "T"),
        ("Ana María (ext.) Sousa", "AS"),
        ("", ""),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(name, shown):
    assert filters.initials(name) == shown


def test_a_phone_number_is_dialed_with_its_extension():
    assert filters.dialed("513 555 0117") == "5135550117"
    assert filters.dialed("+1 (513) 555-0117 ext. 4") == "+15135550117;ext=4"


@pytest.mark.parametrize(
    ("kept", "dialed"),
    [
        ("513-555-0188 or 513-555-0199", "5135550188"),
        ("513-555-0188, 513-555-0199", "5135550188"),
        ("513-555-0188/513-555-0199", "5135550188"),
        ("513-555-0188 - 513-555-0199", "5135550188"),
        ("5135550188 5135550199", "5135550188"),
        ("+1 (513) 555-0188 ext. 4 home", "+15135550188;ext=4"),
        ("513 555 0188 x12", "5135550188;ext=12"),
        ("Mon-Fri 8 to 5: (513) 555-0188", "5135550188"),
        ("front desk, 513.555.0188", "5135550188"),
        ("00 44 20 7946 0958", "00442079460958"),
        ("+44 20 7946 0958", "+442079460958"),
        ("555-0117", "5550117"),
    ],
)
def test_the_first_of_several_numbers_is_dialed(kept: str, dialed: str):
    assert filters.dialed(kept) == dialed


def test_a_text_is_counted_as_the_limits_count_it():
    assert filters.typed_length("  a\r\nb \r\n") == 3


def test_a_page_that_has_loaded_its_profile_asks_for_no_other(app):
    body = apps.EXAMPLE | {"institution": apps.EXAMPLE["institution"] | {"name": "Elsewhere"}}
    with app.test_request_context():
        theme.use(Profile.of(body))
        assert theme.current().name == "Elsewhere"
