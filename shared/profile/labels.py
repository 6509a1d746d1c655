"""Answers as people read them: check page, receipt, case and export show the same wording.

All wording comes from the profile, in its language (`sheets(profile.in_language("es"), answers)`).
Partners and others outside get the wording meant for them.
"""

from typing import Any, TypedDict

from shared import addresses
from shared.dates import month_or_day
from shared.profile.answers.sentences import word
from shared.profile.conditions import is_not_sure
from shared.profile.profile import Profile
from shared.profile.roles import branch_of

Spec = dict[str, Any]


class Row(TypedDict):
    """One answer: `shown` has a line per item, and none if `not_sure`."""

    key: str
    label: str
    shown: list[str]
    not_sure: bool
    confidential: bool


class Sheet(TypedDict):
    """The answers of one section."""

    section: str
    title: str
    rows: list[Row]


def label(spec: Spec, branch: str) -> str:
    """The wording of a question or part for this branch."""
    return _worded(spec, "label", branch)


def hint(spec: Spec, branch: str) -> str:
    """The hint for this branch, "" without one."""
    return _worded(spec, "hint", branch)


def missing(spec: Spec, branch: str) -> str:
    """The sentence for a missing answer in this branch, "" without one."""
    return _worded(spec, "missing", branch)


def title(section: Spec, branch: str) -> str:
    """The title of a section for this branch."""
    return _worded(section, "title", branch)


def sheets(profile: Profile, answers: Spec) -> list[Sheet]:
    """All answers, one sheet per section, in the order of the pages of this branch."""
    branch = branch_of(profile, answers)
    if branch is None:
        return []
    result = []
    for section, questions in profile.pages(branch):
        rows = [
            row(profile, spec, answers[spec["key"]], branch)
            for spec in questions
            if spec["key"] in answers
        ]
        if rows:
            result.append(Sheet(section=section["id"], title=title(section, branch), rows=rows))
    return result


def row(profile: Profile, spec: Spec, value: Any, branch: str) -> Row:
    """One answer to one question."""
    unsure = is_not_sure(value)
    return Row(
        key=spec["key"],
        label=label(spec, branch),
        shown=[] if unsure else answer_lines(profile, spec, value, branch),
        not_sure=unsure,
        confidential=spec.get("confidential", False),
    )


def answer_lines(profile: Profile, spec: Spec, value: Any, branch: str) -> list[str]:
    """A clean value in words, one line per item; a part starts with its label."""
    kind = spec["type"]
    if kind == "composite":
        return _parts(profile, spec, value, branch)
    if kind in ("people", "organizations"):
        return ["; ".join(_parts(profile, spec, item, branch)) for item in value]
    if kind in ("single", "multi"):
        chosen = value if kind == "multi" else [value]
        return [profile.choice_label(spec, branch, item) for item in chosen]
    if kind == "list_of_text":
        return list(value)
    return [_plain(profile, kind, value)]


def _parts(profile: Profile, spec: Spec, value: Spec, branch: str) -> list[str]:
    return [
        f"{_lead_in(label(part, branch))} "
        + _listed(answer_lines(profile, part, value[part["name"]], branch))
        for part in spec["parts"]
        if part["name"] in value
    ]


def _listed(items: list[str]) -> str:
    """Items joined by commas, or by semicolons if one contains a comma."""
    return ("; " if any("," in item for item in items) else ", ").join(items)


def _lead_in(words: str) -> str:
    """The label of a part before its answer; a question needs no colon."""
    return words if words.endswith("?") else f"{words}:"


def _plain(profile: Profile, kind: str, value: Any) -> str:
    if kind == "consent":
        return word("Yes" if value else "No", profile.language)
    if kind == "email":
        return addresses.readable(str(value))
    if kind == "date_or_month":
        return month_or_day(value, profile.language)
    if isinstance(value, dict):
        between = word("{} to {}", profile.language)
        return between.format(f"{value['from']:,}", f"{value['to']:,}")
    if kind == "money":
        currency = profile.institution["currency"]
        return f"${value:,}" if currency == "USD" else f"{value:,} {currency}"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _worded(spec: Spec, key: str, branch: str) -> str:
    return str(spec.get(f"{branch}_{key}", spec.get(key, "")))
