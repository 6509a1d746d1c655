"""The choices that a page offers. The API accepts all that the profile lists."""

from typing import Any

from shared.calendar import local_day
from shared.profile import Profile
from shared.tables import now

Spec = dict[str, Any]


def choices(profile: Profile, spec: Spec, branch: str, *, chosen: Any = None) -> list[Spec]:
    """The choices of a question or part; of terms only future ones and the one chosen before."""
    today = str(local_day(profile, now()))
    return [
        choice
        for choice in profile.choices(spec, branch)
        if str(choice.get("starts", "9999")) > today or choice["value"] == chosen
    ]
