"""The reason of a failed event is a kind and its detail, and each kind has words for a person."""

import pytest

from services.review import labels
from shared.inbox.failures import FailureKind, failure_kind, failure_reason


@pytest.mark.parametrize("kind", FailureKind)
def test_a_stored_reason_gives_its_kind_back(kind: FailureKind) -> None:
    assert failure_kind(failure_reason(kind)) is kind
    assert failure_kind(failure_reason(kind, "not yet: a detail: with colons")) is kind


@pytest.mark.parametrize("kind", FailureKind)
def test_each_kind_has_words_for_the_operations_page(kind: FailureKind) -> None:
    assert (
        labels.failed_event_reason(failure_reason(kind, "x")) == labels.FAILED_EVENT_REASONS[kind]
    )


@pytest.mark.parametrize("reason", ["", "discarded", "too_large_now: 3", "a later release: x"])
def test_a_reason_of_another_release_is_no_kind_and_still_has_words(reason: str) -> None:
    assert failure_kind(reason) is None
    assert labels.failed_event_reason(reason) == "It could not be processed."
