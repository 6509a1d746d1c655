"""The storm of the sender, small: what `make chaos-mail` does at full size."""

import pytest

from tests.chaos.mail_storm import POLICIES, run_policy

pytestmark = [pytest.mark.slow]


@pytest.mark.parametrize("policy", POLICIES)
def test_a_small_storm_keeps_the_promise_of_its_policy(policy: str):
    result = run_policy(policy, mails=12, kills=2, seed=7, seconds=300)
    assert result.violations == []
    assert result.kills.total() >= 2 and result.numbers["lost in silence"] == 0
