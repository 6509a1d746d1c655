"""Hints that name the condition of a question on another one of the page; no script hides it."""

from typing import Any

from services.intake.labels import translate
from shared.profile import Profile
from shared.profile.labels import hint, label

Spec = dict[str, Any]


def hint_of(profile: Profile, spec: Spec, branch: str, neighbors: list[Spec]) -> str:
    """The hint of a question or part; a condition on a neighbor comes first."""
    condition = _condition(profile, spec, branch, neighbors)
    return f"{condition} {hint(spec, branch)}".strip()


def _condition(profile: Profile, spec: Spec, branch: str, neighbors: list[Spec]) -> str:
    when = spec.get("when")
    if when is None:
        return ""
    key, _, part = when["key"].partition(".")
    question = next((spec for spec in neighbors if _name(spec) == key), None)
    if question is not None and part:
        question = next((spec for spec in question["parts"] if _name(spec) == part), None)
    if question is None:
        return ""
    if "given" in when:
        return translate(profile.language, "only_with", label=label(question, branch))
    labels = {choice["value"]: choice["label"] for choice in profile.choices(question, branch)}
    word, values = ("only_if", when["in"]) if "in" in when else ("not_if", when["not_in"])
    named = [
        translate(profile.language, "quoted", label=labels[value])
        for value in values
        if value in labels
    ]
    if not named:
        return ""
    sentence = translate(profile.language, word, choices=_listed(named, profile.language))
    return sentence.replace("”.", ".”").replace("”,", ",”")  # inside in American English


def _name(spec: Spec) -> str:
    return str(spec.get("key") or spec["name"])


def _listed(named: list[str], language: str) -> str:
    *most, last = named
    comma = "," if len(most) > 1 and language == "en" else ""
    return f"{', '.join(most)}{comma} {translate(language, 'or')} {last}" if most else last
