"""The footer names the time zone of the institution as people there do."""

import pytest
from flask import Flask

from services.review import labels
from tests.apps import on_sqlite
from tests.review.office import signed_in, visit


@pytest.mark.parametrize(
    ("zone", "called"),
    [
        ("America/New_York", "Eastern"),
        ("America/Los_Angeles", "Pacific"),
        ("America/Puerto_Rico", "in Puerto Rico local time"),
        ("UTC", "UTC"),
    ],
)
def test_the_time_zone_is_called_as_people_call_it(zone: str, called: str):
    assert labels.time_zone(zone) == called


@on_sqlite
def test_a_page_says_in_which_time_zone_its_times_are(apps: dict[str, Flask]):
    assert "All times Eastern" in visit(signed_in(apps["review"]), "/").text("footer")
