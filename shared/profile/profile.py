"""The profile in memory: everything that differs between universities, as one immutable value.

It is built from a body, the JSON that events and databases hold, and only looks things up. It
compares and hashes by version and language, so it can key a cache. `in_language` returns a profile
whose wording (labels, choices, pages) is in another language, so other functions need not know
about languages.
"""

import hashlib
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any

from shared import strict_json
from shared.profile.translations import translated

Spec = dict[str, Any]

# Results that depend only on profile, branch and role are cached. They hold no personal data, and
# profiles stay in memory anyway. Callers must not change these results.
cached = lru_cache(maxsize=4096)

CHOICE = ("value", "label", "hint", "exclusive", "starts")  # the keys of a choice that a page needs


def version_of(body: Spec) -> str:
    """The SHA-256 of the canonical body in hex: equal bodies have the same version."""
    return hashlib.sha256(strict_json.canonical(body)).hexdigest()


@dataclass(frozen=True, eq=False, repr=False)
class Profile:
    """One version of the institution profile. Callers must not change its attributes."""

    version: str
    language: str  # of all wording in this profile
    body: Spec
    institution: dict[str, str]  # name, short_name, currency, time_zone
    colors: dict[str, str]  # brand, on_brand, accent (#rrggbb), radius (such as "10px")
    promises: dict[str, Spec]  # first_reply, meeting, decision: days, wording by language
    holidays: frozenset[date]
    languages: list[str]
    branches: list[str]
    wording: dict[str, str]  # send_now_or_add, not_sure, beside_send
    offices: list[Spec]  # value, label, place, contact {name, email}; the first by default
    units: list[Spec]  # value, label, kind, office, approver {name, title, email}
    terms: list[Spec]  # value, label, starts (ISO date)
    sections: list[Spec]  # id, kind, title, minutes by branch; in form order
    questions: list[Spec]  # as the profile writes them, in form order
    by_key: dict[str, Spec]  # the same by key
    mails: dict[str, dict[str, dict[str, str]]]  # kind, language, then subject and text
    written: "Profile | None" = None  # the original of a translation

    @classmethod
    def of(cls, body: Spec) -> "Profile":
        """The profile of a body. It was checked when it was published and is not checked again."""
        copied = {field.name: body[field.name] for field in fields(cls) if field.name in body}
        derived: Spec = {
            "version": version_of(body),
            "language": body["languages"][0],
            "body": body,
            "holidays": frozenset(date.fromisoformat(day["date"]) for day in body["holidays"]),
            "by_key": {question["key"]: question for question in body["questions"]},
        }
        return cls(**(copied | derived))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Profile) and other._identity == self._identity

    def __hash__(self) -> int:
        return hash(self._identity)

    def __repr__(self) -> str:
        return f"<Profile {self.version[:12]} {self.language}>"

    @property
    def _identity(self) -> tuple[str, str]:
        return self.version, self.language

    def in_language(self, language: str) -> "Profile":
        """The profile in this language; the original if it does not have that language."""
        written = self.written or self
        known = language in self.languages and language != written.language
        return _in_language(written, language) if known else written

    @property
    def time_zone(self) -> str:
        return self.institution["time_zone"]

    def office(self, value: str) -> Spec:
        """The office of this value; KeyError if there is none."""
        return _entry_of(self.offices, value)

    def unit(self, value: str) -> Spec | None:
        """The unit of this value, None for a unit that is not listed."""
        return next((unit for unit in self.units if unit["value"] == value), None)

    def mail(self, kind: str, language: str) -> dict[str, str]:
        """Subject and text of a mail kind, with placeholders."""
        return self.mails[kind][language]

    def letter(self, kind: str, language: str) -> dict[str, str]:
        """Subject and text of accept, defer, decline or redirect, with placeholders."""
        letters: dict[str, dict[str, str]] = self.body["letters"][kind]
        return letters.get(language) or letters[self.languages[0]]

    def page(self, name: str, language: str) -> Spec:
        """The texts of a page (start, form, choice, check, receipt, link, status, privacy)."""
        result: Spec = self.in_language(language).body["texts"][name]
        return result

    def public_label(self, value: str, language: str) -> dict[str, str]:
        """The keys label, meaning, needed, and for some values next and promise."""
        result: dict[str, str] = self.in_language(language).body["public_labels"][value]
        return result

    def promise(self, name: str, language: str) -> str:
        """The wording of first_reply, meeting or decision, shown beside its date."""
        wording: dict[str, str] = self.promises[name]["wording"]
        return wording.get(language) or wording[self.languages[0]]

    @property
    def reasons(self) -> list[Spec]:
        """The reasons to decline, defer or redirect: value, label, letters, wording, change."""
        reasons: list[Spec] = self.body["reasons"]
        return reasons

    def reason(self, value: str, language: str) -> Spec:
        """The reason of this value; KeyError if there is none."""
        return _entry_of(self.in_language(language).reasons, value)

    @property
    def four_eyes(self) -> list[str]:
        """The kinds of letter that a second person must release."""
        kinds: list[str] = self.body.get("four_eyes", ["decline"])
        return kinds

    def state_label(self, value: str) -> dict[str, str]:
        """Label and optional hint of a case state."""
        return _labelled(self.body["states"], value)

    def flag_label(self, value: str) -> dict[str, str]:
        """Label and optional hint of a flag, for the office."""
        return _labelled(self.body["flags"], value)

    def question(self, key: str) -> Spec:
        """The question of this key; KeyError if there is none."""
        return self.by_key[key]

    def need(self, spec: Spec, branch: str) -> str:
        """The requirement of a question or part: required, or_not_sure, optional or absent."""
        if branch not in spec.get("branches", [branch]):
            return "absent"
        if "requirement" in spec:
            return str(spec["requirement"].get(branch, "absent"))
        return "required" if spec.get("required") else "optional"

    @cached
    def questions_for(self, branch: str) -> list[Spec]:
        """The questions of this branch in form order, whatever their conditions."""
        return [spec for spec in self.questions if self.need(spec, branch) != "absent"]

    def section_of(self, spec: Spec, branch: str) -> str:
        """The id of the section that shows the question to this branch."""
        must = self.need(spec, branch) in ("required", "or_not_sure")
        return str(spec["section"] if must else spec.get("topic", spec["section"]))

    @cached
    def pages(self, branch: str) -> list[tuple[Spec, list[Spec]]]:
        """Each section that has questions for this branch, with these questions."""
        specs = self.questions_for(branch)
        pages = [
            (section, [spec for spec in specs if self.section_of(spec, branch) == section["id"]])
            for section in self.sections
        ]
        return [(section, questions) for section, questions in pages if questions]

    @cached
    def key_of(self, role: str, branch: str) -> str | None:
        """The key of the question with this role in this branch, asked or preset."""
        for spec in self.questions:
            if spec.get("role") == role and self.has_answer(spec, branch):
                return str(spec["key"])
        return None

    def has_answer(self, spec: Spec, branch: str) -> bool:
        """Whether the question has an answer in this branch: asked, or preset."""
        return self.need(spec, branch) != "absent" or branch in spec.get("preset", {})

    def choices(self, spec: Spec | str, branch: str) -> list[Spec]:
        """The choices of a question (or part, or key) for this branch, with the keys in CHOICE."""
        question = self.question(spec) if isinstance(spec, str) else spec
        listed = self.body.get(question.get("choices_from", ""), [])
        own = [
            choice
            for choice in question.get("choices", [])
            if branch in choice.get("branches", [branch])
        ]
        return [_worded(choice, branch) for choice in [*listed, *own]]

    def choice_label(self, spec: Spec, branch: str, value: str) -> str:
        """The label of a choice for this branch; an unknown value is returned as it is."""
        for choice in (*self.body.get(spec.get("choices_from", ""), []), *spec.get("choices", [])):
            if choice["value"] == value and branch in choice.get("branches", [branch]):
                return str(_worded(choice, branch)["label"])
        return value

    @cached
    def assumed(self, branch: str) -> Spec:
        """Presets and defaults of the branch by key; they apply where there is no answer."""
        presets = {
            spec["key"]: spec["preset"][branch]
            for spec in self.questions
            if branch in spec.get("preset", {})
        }
        defaults = {
            spec["key"]: spec["default"] for spec in self.questions_for(branch) if "default" in spec
        }
        return presets | defaults


@cached
def _in_language(profile: Profile, language: str) -> Profile:
    translation = Profile.of(translated(profile.body, language))
    return replace(translation, version=profile.version, language=language, written=profile)


def _labelled(labels: dict[str, dict[str, str]], value: str) -> dict[str, str]:
    """The label of a value; if an older profile lacks it, the value as readable words."""
    return labels.get(value) or {"label": value.replace("_", " ").capitalize()}


def _entry_of(listed: list[Spec], value: str) -> Spec:
    for entry in listed:
        if entry["value"] == value:
            return entry
    raise KeyError(value)


def _worded(choice: Spec, branch: str) -> Spec:
    """The choice in the wording of this branch, with only the keys a page needs."""
    plain: Spec = {key: choice[key] for key in CHOICE if key in choice}
    for key in ("label", "hint"):
        if f"{branch}_{key}" in choice:
            plain[key] = choice[f"{branch}_{key}"]
    return plain
