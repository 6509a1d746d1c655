"""Flags: rules over the answers that point the office at possible problems, most urgent first.

Each rule is a pure function of the answers. It knows roles and the values that it depends on, never
a question. The sentence beside a flag comes from the profile.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from shared.profile import Profile, branch_of, value_of

TITLE_ON_A_BADGE = 40  # characters


class AnswersByRole(NamedTuple):
    """The answers of a proposal, by role."""

    profile: Profile
    answers: dict[str, Any]

    def __call__(self, role: str, part: str = "") -> Any:
        """The answer to the question with this role, or a part of it; None without one."""
        value = value_of(self.profile, self.answers, role)
        return value.get(part) if part and isinstance(value, dict) else value

    def unit(self) -> dict[str, Any] | None:
        return self.profile.unit(self("sponsor_unit") or "")


def _route_conflict(answers: AnswersByRole) -> bool:
    unit = answers.unit()
    wants_credit = answers("credit_intent") in ("credit", "both")
    return unit is not None and unit["kind"] == "non_academic" and wants_credit


def _no_sponsor(answers: AnswersByRole) -> bool:
    return answers.unit() is None


def _no_campus_account(answers: AnswersByRole) -> bool:
    return answers("campus_account") in ("no", "some")


def _agreement_needed(answers: AnswersByRole) -> bool:
    """Partners who apply themselves have committed to nothing, even if they do not say so."""
    partner, signed = answers("partner"), answers("agreement", "agreement")
    lacks = {"committed": signed != "yes", "we_are_partner": signed == "no"}
    return bool(lacks.get(partner))


def _recognition_badge(answers: AnswersByRole) -> bool:
    return bool(answers("assessment", "kinds") == ["attendance"])


def _own_learner_form(answers: AnswersByRole) -> bool:
    unit = answers.unit()
    return unit is not None and unit["kind"] == "non_academic"


def _renewal_missing(answers: AnswersByRole) -> bool:
    return bool(answers("expiry", "kind") == "time_limited" and not answers("renewal"))


def _no_evidence(answers: AnswersByRole) -> bool:
    """Every ticked choice is an exclusive one, such as "nothing in writing"."""
    profile, chosen = answers.profile, answers("evidence")
    branch = branch_of(profile, answers.answers) or ""
    key = profile.key_of("evidence", branch)
    if not chosen or key is None or not isinstance(chosen, list):
        return False
    choices = profile.choices(key, branch)
    return set(chosen) <= {choice["value"] for choice in choices if choice.get("exclusive")}


def _title_long(answers: AnswersByRole) -> bool:
    return len(answers("title") or "") > TITLE_ON_A_BADGE


def _confidential(answers: AnswersByRole) -> bool:
    return answers("confidential", "keep_private") is True


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
    """The flags that these answers raise, most urgent first."""
    by_role = AnswersByRole(profile, answers)
    return [flag for flag, applies in RULES.items() if applies(by_role)]
