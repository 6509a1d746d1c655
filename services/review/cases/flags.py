"""What the office should know before it reads the answers: rules over them, the worst first.

Each is a pure function of what somebody answered. Code knows roles and the values that rules rely
on, never the question; the sentence beside a flag is the profile's.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from shared.profile import Profile, branch_of, value_of

TITLE_ON_A_BADGE = 40  # characters


class AnswersByRole(NamedTuple):
    """What was answered, by role."""

    profile: Profile
    answers: dict[str, Any]

    def __call__(self, role: str, part: str = "") -> Any:
        """The answer to the question of this role, or a part of it; None without one."""
        value = value_of(self.profile, self.answers, role)
        return value.get(part) if part and isinstance(value, dict) else value

    def unit(self) -> dict[str, Any] | None:
        return self.profile.unit(self("sponsor_unit") or "")


def _route_conflict(said: AnswersByRole) -> bool:
    unit = said.unit()
    wants_credit = said("credit_intent") in ("credit", "both")
    return unit is not None and unit["kind"] == "non_academic" and wants_credit


def _no_sponsor(said: AnswersByRole) -> bool:
    return said.unit() is None


def _no_campus_account(said: AnswersByRole) -> bool:
    return said("campus_account") in ("no", "some")


def _agreement_needed(said: AnswersByRole) -> bool:
    """A partner who writes to us has committed to nothing yet; one who says so lacks it too."""
    partner, signed = said("partner"), said("agreement", "agreement")
    lacks = {"committed": signed != "yes", "we_are_partner": signed == "no"}
    return bool(lacks.get(partner))


def _recognition_badge(said: AnswersByRole) -> bool:
    return bool(said("assessment", "kinds") == ["attendance"])


def _own_learner_form(said: AnswersByRole) -> bool:
    unit = said.unit()
    return unit is not None and unit["kind"] == "non_academic"


def _renewal_missing(said: AnswersByRole) -> bool:
    return bool(said("expiry", "kind") == "time_limited" and not said("renewal"))


def _no_evidence(said: AnswersByRole) -> bool:
    """Every choice that was ticked is one that stands alone: none yet, nothing in writing."""
    profile, chosen = said.profile, said("evidence")
    branch = branch_of(profile, said.answers) or ""
    key = profile.key_of("evidence", branch)
    if not chosen or key is None or not isinstance(chosen, list):
        return False
    alone = {one["value"] for one in profile.choices(key, branch) if one.get("exclusive")}
    return set(chosen) <= alone


def _title_long(said: AnswersByRole) -> bool:
    return len(said("title") or "") > TITLE_ON_A_BADGE


def _confidential(said: AnswersByRole) -> bool:
    return said("confidential", "keep_private") is True


RULES: dict[str, Callable[[AnswersByRole], bool]] = {
    "route_conflict": _route_conflict,
    "no_sponsor": _no_sponsor,
    "no_campus_account": _no_campus_account,
    "agreement_needed": _agreement_needed,
    "recognition_badge": _recognition_badge,
    "own_learner_form": _own_learner_form,
    "renewal_missing": _renewal_missing,
    "no_evidence": _no_evidence,
    "title_long": _title_long,
    "confidential": _confidential,
}
URGENT = frozenset(
    {"mail_failed", "route_conflict", "no_sponsor", "no_campus_account", "agreement_needed"}
)


def raised_by(profile: Profile, answers: dict[str, Any]) -> list[str]:
    """The flags that these answers raise, the worst first."""
    said = AnswersByRole(profile, answers)
    return [flag for flag, applies in RULES.items() if applies(said)]
