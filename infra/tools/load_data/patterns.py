"""Answers that pass the validation of the profile, with wording to vary.

A pattern is a random set of answers of a branch, without those that the profile refuses; so each
profile gets its own patterns. Cases then vary only names and sentences, within the limits of their
questions.
"""

from random import Random
from typing import Any, NamedTuple

from marshmallow import ValidationError

from infra.tools.load_data.wording import Idea, Mailbox
from services.review.cases import flags
from shared.profile import Profile
from shared.profile.answers import validation

EACH = 24  # patterns per branch
SHARES = {"partner": 46, "faculty": 34, "staff": 14, "other": 6}
NOT_SURE = {"not_sure": True}
ROUNDS = 12
Answers = dict[str, Any]


class Pattern(NamedTuple):
    """Valid answers of a branch, and the keys of those that vary from case to case."""

    branch: str
    answers: Answers
    keys: dict[str, str]  # by role
    people: list[str]  # the keys of lists of people
    flags: dict[tuple[str, bool], tuple[str, ...]]


def of(profile: Profile, *, random: Random) -> list[Pattern]:
    """Patterns of all branches, weighted by the share of the branch."""
    made = {branch: [_pattern(profile, branch, random) for _ in range(EACH)]
            for branch in profile.branches}  # fmt: skip
    return [one for branch, some in made.items() for one in some * SHARES.get(branch, 6)]


def filled(
    pattern: Pattern, idea: Idea, who: Mailbox, *, unit: str, others: list[Mailbox]
) -> Answers:
    """The answers of one case: the pattern with this idea and person."""
    answers = dict(pattern.answers)
    words: Answers = {
        "contact_name": who.name,
        "contact": who.address,
        "organization": who.organization,
        "title": idea.title,
        "summary": idea.summary,
        "need": idea.need,
        "uniqueness": idea.unique,
        "skills": idea.skills,
        "sponsor_unit": unit,
    }
    for role, word in words.items():
        key = pattern.keys.get(role)
        if key and word and answers.get(key, NOT_SURE) != NOT_SURE:
            answers[key] = word
    for key, word in {"audience_detail": idea.learners, "job_roles": [idea.job]}.items():
        if answers.get(key, NOT_SURE) != NOT_SURE:
            answers[key] = word
    for key in pattern.people:
        answers[key] = [{"name": one.name, "email": one.address} for one in others]
    return answers


def flags_of(profile: Profile, pattern: Pattern, answers: Answers, *, unit: str) -> tuple[str, ...]:
    """The flags of these answers, cached by unit and length of title.

    Of the parts that vary, only these two can raise a flag.
    """
    long = len(str(answers[pattern.keys["title"]])) > flags.TITLE_ON_A_BADGE
    known = pattern.flags.get((unit, long))
    if known is None:
        known = pattern.flags[(unit, long)] = tuple(flags.raised_by(profile, answers))
    return known


def _pattern(profile: Profile, branch: str, random: Random) -> Pattern:
    clean = _accepted(profile, _candidate(profile, branch, random))
    specs = [spec for spec in profile.questions if spec["key"] in clean]
    return Pattern(
        branch,
        clean,
        keys={spec["role"]: spec["key"] for spec in specs if "role" in spec},
        people=[spec["key"] for spec in specs if spec["type"] == "people"],
        flags={},
    )


def _accepted(profile: Profile, candidate: Answers) -> Answers:
    """The answers without refused ones, and with "not sure" for missing ones."""
    for _ in range(ROUNDS):
        try:
            return validation.load(profile, candidate)
        except ValidationError as error:
            wrong = error.messages if isinstance(error.messages, dict) else {}
            for key in wrong:
                if candidate.pop(key, None) is None:
                    candidate[key] = dict(NOT_SURE)
    raise ValueError(f"cannot make answers that the profile accepts for: {sorted(wrong)}")


def _candidate(profile: Profile, branch: str, random: Random) -> Answers:
    """Answers to most questions of this branch, whatever their conditions."""
    answers: Answers = {profile.body["branch_question"]: branch}
    for spec in profile.questions_for(branch):
        need = profile.need(spec, branch)
        if spec["key"] in answers or (need == "optional" and random.random() < 0.6):
            continue
        if need == "or_not_sure" and random.random() < 0.2:
            answers[spec["key"]] = dict(NOT_SURE)
            continue
        value = _value(profile, spec, branch, random)
        if value is not None:
            answers[spec["key"]] = value
    return answers


def _value(profile: Profile, spec: Answers, branch: str, random: Random) -> Any:
    kind, limits = spec["type"], spec.get("limits", {})
    if kind == "single":
        return random.choice(profile.choices(spec, branch))["value"]
    if kind == "multi":
        offered = profile.choices(spec, branch)
        some = [one for one in offered if not one.get("exclusive")]
        if len(some) < len(offered) and random.random() < 0.15:
            return [random.choice([one for one in offered if one.get("exclusive")])["value"]]
        return [one["value"] for one in random.sample(some, random.randint(1, min(3, len(some))))]
    if kind == "composite":
        return _parts(profile, spec, branch, random)
    if kind in ("people", "organizations"):
        return [_parts(profile, spec, branch, random)]
    number = random.randint(int(limits.get("min", 1)) + 1, int(min(limits.get("max", 40), 40)))
    return _simple(kind, number, random, role=str(spec.get("role") or spec.get("name")))


def _simple(kind: str, number: int, random: Random, *, role: str) -> Any:
    year = random.randint(2026, 2029)
    values: Answers = {
        "text": "Two days a week, at our place",
        "long_text": "We can say more when we talk. The first group could start small.",
        "email": "training@partner.example",
        "phone": f"513 555 {number + 100:04}",
        "url": "https://partner.example/training",
        "integer_range": {"from": number, "to": number + 10},
        "money": number * 10,
        "number": number,
        "date_or_month": f"{year}-{random.randint(1, 12):02}",
        "list_of_text": ["Do the task under a supervisor", "Explain each step"],
        "consent": role in ("privacy", "copy") or random.random() < 0.3,
    }
    return values.get(kind)


def _parts(profile: Profile, spec: Answers, branch: str, random: Random) -> Answers:
    made: Answers = {}
    for part in spec["parts"]:
        if profile.need(part, branch) == "absent" or not _asked(part, made):
            continue
        if part.get("required") or random.random() < 0.5:
            made[part["name"]] = _value(profile, part, branch, random)
    return made


def _asked(part: Answers, made: Answers) -> bool:
    """Whether the condition of a part holds; it refers to an earlier part."""
    when = part.get("when")
    if when is None:
        return True
    value = made.get(when["key"])
    if "in" in when:
        return any(one in when["in"] for one in (value if isinstance(value, list) else [value]))
    return value is not None
