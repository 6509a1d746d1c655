"""Errors write numbers as the rest of the page does."""

import pytest
from marshmallow import ValidationError

from shared.profile.answers import validation
from tests.shared.forms import EXAMPLE, answers_of


def test_an_error_writes_numbers_as_the_counter_does() -> None:
    long = answers_of("partner-half-idea", summary="x" * 2001)
    with pytest.raises(ValidationError) as error:
        validation.load(EXAMPLE, long)
    (said,) = error.value.messages_dict["summary"]
    assert "2,001 now" in said and "2001" not in said
    assert "2,001" in said.in_language("es")
