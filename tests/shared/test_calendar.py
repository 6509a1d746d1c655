"""Promised dates are working days of the institution, and are given in words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.calendar import (
    add_working_days,
    is_working_day,
    is_working_time,
    next_opening,
    promises,
)
from shared.dates import in_words
from shared.profile import Profile
from tests.shared.forms import EXAMPLE


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-02", 3, "2026-11-05"),  # Monday to Thursday
        ("2026-11-05", 3, "2026-11-10"),  # over a weekend
        ("2026-11-09", 3, "2026-11-13"),  # over Veterans Day
        ("2026-11-09", 10, "2026-11-24"),
        ("2026-11-24", 3, "2026-12-01"),  # over Thanksgiving and its Friday
        ("2026-12-23", 1, "2027-01-04"),  # over the winter break and into another year
        ("2026-11-07", 1, "2026-11-09"),  # a Saturday: the first working day is Monday
        ("2026-11-07", 0, "2026-11-09"),
        ("2026-11-06", 0, "2026-11-06"),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(start: str, days: int, end: str) -> None:
    assert add_working_days(EXAMPLE, day(start), days) == day(end)


def test_no_promise_looks_back() -> None:
    with pytest.raises(ValueError, match="cannot add -1 working days"):
        add_working_days(EXAMPLE, day("2026-11-02"), -1)


def test_a_promise_counts_from_the_day_after_sending() -> None:
    sent = datetime(2026, 11, 9, 20, 12, tzinfo=UTC)  # Monday, 3:12 pm at the university
    assert promises(EXAMPLE, sent) == {
        "first_reply_by": day("2026-11-13"),
        "meeting_by": day("2026-11-24"),
        "decision_by": day("2027-01-04"),
    }


def test_the_day_of_sending_is_the_day_at_the_university() -> None:
    before_midnight = datetime(2026, 11, 3, 4, 59, tzinfo=UTC)  # Monday, 11:59 pm
    after_midnight = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)  # Tuesday, 12:00 am
    assert promises(EXAMPLE, before_midnight)["first_reply_by"] == day("2026-11-05")
    assert promises(EXAMPLE, after_midnight)["first_reply_by"] == day("2026-11-06")


@pytest.mark.parametrize("sent", ["2026-11-07", "2026-11-08", "2026-11-09"])
def test_what_comes_on_a_weekend_counts_as_sent_on_monday(sent: str) -> None:
    at = datetime.fromisoformat(f"{sent}T17:00:00+00:00")
    assert promises(EXAMPLE, at)["first_reply_by"] == day("2026-11-13")


def test_what_comes_on_a_holiday_counts_as_sent_on_the_next_working_day() -> None:
    at = datetime(2026, 11, 26, 17, tzinfo=UTC)  # Thanksgiving; the Friday is closed too
    assert promises(EXAMPLE, at)["first_reply_by"] == day("2026-12-03")


def test_every_promise_falls_on_a_day_when_the_office_is_open() -> None:
    for month in range(1, 13):
        for number in range(1, 29):
            at = datetime(2027, month, number, 12, tzinfo=UTC)
            found = promises(EXAMPLE, at)
            by = [found["first_reply_by"], found["meeting_by"], found["decision_by"]]
            assert all(is_working_day(EXAMPLE, each) for each in by)
            assert at.date() < by[0] < by[1] < by[2]


def test_a_time_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zone"):
        promises(EXAMPLE, datetime(2026, 11, 9, 12))


def test_a_date_is_told_in_words_and_with_its_year_when_that_is_another() -> None:
    this, that = day("2026-12-03"), day("2027-01-04")
    assert in_words(this, "en", today=this) == "Thursday, December 3"
    assert in_words(that, "en", today=this) == "Monday, January 4, 2027"
    assert in_words(this, "es", today=this) == "jueves 3 de diciembre"
    assert in_words(that, "es", today=this) == "lunes 4 de enero de 2027"
    assert in_words(date.today(), "en") in in_words(date.today(), "en", today=day("1999-01-01"))


@pytest.mark.parametrize(
    ("at", "opens_on"),
    [
        ("2026-09-04T11:59", "2026-09-04"),  # Friday, a minute to eight at the university
        ("2026-09-04T12:00", "2026-09-08"),  # it has opened; then a weekend and Labor Day
        ("2026-09-05T11:59", "2026-09-08"),
        ("2026-09-07T11:59", "2026-09-08"),
        ("2026-09-08T11:59", "2026-09-08"),
        ("2026-09-09T03:30", "2026-09-09"),  # Tuesday, half past eleven in the evening
    ],
)
def test_the_office_opens_in_the_morning_of_a_working_day(at: str, opens_on: str) -> None:
    assert next_opening(EXAMPLE, datetime.fromisoformat(f"{at}:00+00:00")) == day(opens_on)


@pytest.mark.parametrize("hours, at_work", [({}, [8, 17]), ({"opens": 7, "closes": 16}, [7, 15])])
def test_an_institution_says_when_it_is_at_work(hours: dict[str, int], at_work: list[int]) -> None:
    body = {name: value for name, value in EXAMPLE.body.items() if name != "working_hours"}
    profile = Profile.of(body | ({"working_hours": hours} if hours else {}))
    morning = datetime(2026, 9, 9, 4, tzinfo=UTC)  # midnight at the university
    results = [
        hour for hour in range(24) if is_working_time(profile, morning + timedelta(hours=hour))
    ]
    assert [results[0], results[-1]] == at_work
