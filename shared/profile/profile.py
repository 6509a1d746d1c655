"""The profile in memory: everything that differs between universities, as one unchanging value.

Built from a body (the JSON that travels between services and rests in their databases), it only
looks things up. It compares and hashes by its version and language, so it can key a cache.
`in_language` gives it as speakers of another language read it: whatever is made of that one
(labels, choices, pages) is in their language, and no other function needs to know of it.
"""

import hashlib
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any

from shared import strict_json
from shared.profile.translations import translated

Spec = dict[str, Any]

# What hangs on the profile, a branch and a role alone is worked out once: nothing of a person is in
# it, and a profile, once read, stays in memory anyway. Nobody may change what these return.
once = lru_cache(maxsize=4096)

CHOICE = ("value", "label", "hint", "exclusive", "starts")  # what a page needs of one


def version_of(body: Spec) -> str:
    """The SHA-256 of the body in canonical form, in hex: equal bodies are one version."""
    return hashlib.sha256(strict_json.canonical(body)).hexdigest()


@dataclass(frozen=True, eq=False, repr=False)
class Profile:
    """One version of the institution profile. Nobody may change what its attributes hold."""

    version: str
    language: str  # the one that all wording here is in
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
    sections: list[Spec]  # id, kind, title, partner_title, minutes by branch; in form order
    questions: list[Spec]  # as the profile writes them, in form order
    by_key: dict[str, Spec]  # the same by key
    mails: dict[str, dict[str, dict[str, str]]]  # kind, language, then subject and text
    written: "Profile | None" = None  # what this is a translation of

    @classmethod
    def of(cls, body: Spec) -> "Profile":
        """The profile of a body that was checked when it was published; it is not checked again."""
        taken = {field.name: body[field.name] for field in fields(cls) if field.name in body}
        made: Spec = {
            "version": version_of(body),
            "language": body["languages"][0],
            "body": body,
            "holidays": frozenset(date.fromisoformat(day["date"]) for day in body["holidays"]),
            "by_key": {question["key"]: question for question in body["questions"]},
        }
        return cls(**(taken | made))

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
        """The profile as it reads in this language; as it is, where it does not speak that."""
        written = self.written or self
        known = language in self.languages and language != written.language
        return _in_language(written, language) if known else written

    @property
    def time_zone(self) -> str:
        return self.institution["time_zone"]

    def office(self, value: str) -> Spec:
        """The office of this value; KeyError if there is none."""
        return _one(self.offices, value)

    def unit(self, value: str) -> Spec | None:
        """The unit of this value, None for a unit that is not listed."""
        return next((unit for unit in self.units if unit["value"] == value), None)

    def mail(self, kind: str, language: str) -> dict[str, str]:
        """subject and text, with their placeholders."""
        return self.mails[kind][language]

    def letter(self, kind: str, language: str) -> dict[str, str]:
        """subject and text of accept, defer, decline or redirect, with their placeholders."""
        letters: dict[str, dict[str, str]] = self.body["letters"][kind]
        return letters.get(language) or letters[self.languages[0]]

    def page(self, name: str, language: str) -> Spec:
        """The texts of a page (start, form, choice, check, receipt, link, status, privacy)."""
        found: Spec = self.in_language(language).body["texts"][name]
        return found

    def public_label(self, value: str, language: str) -> dict[str, str]:
        """label, meaning, needed, and where something follows: next, promise."""
        found: dict[str, str] = self.in_language(language).body["public_labels"][value]
        return found

    def promise(self, name: str, language: str) -> str:
        """The wording of first_reply, meeting or decision, to stand beside its date."""
        wording: dict[str, str] = self.promises[name]["wording"]
        return wording.get(language) or wording[self.languages[0]]

    @property
    def reasons(self) -> list[Spec]:
        """Why we decline, defer or redirect: value, label, letters; mostly wording and change."""
        reasons: list[Spec] = self.body["reasons"]
        return reasons

    def reason(self, value: str, language: str) -> Spec:
        """One of them; KeyError if there is none."""
        return _one(self.in_language(language).reasons, value)

    @property
    def four_eyes(self) -> list[str]:
        """The kinds of letter that somebody else than whoever drafted them must release."""
        kinds: list[str] = self.body.get("four_eyes", ["decline"])
        return kinds

    def state_label(self, value: str) -> dict[str, str]:
        """label and perhaps hint of a state of the case."""
        return _labelled(self.body["states"], value)

    def flag_label(self, value: str) -> dict[str, str]:
        """label and perhaps hint of what a rule has raised, for the office."""
        return _labelled(self.body["flags"], value)

    def question(self, key: str) -> Spec:
        """The question of this key; KeyError if there is none."""
        return self.by_key[key]

    def need(self, spec: Spec, branch: str) -> str:
        """What a question or part asks of this branch: required, or_not_sure, optional, absent."""
        if branch not in spec.get("branches", [branch]):
            return "absent"
        if "requirement" in spec:
            return str(spec["requirement"].get(branch, "absent"))
        return "required" if spec.get("required") else "optional"

    @once
    def questions_for(self, branch: str) -> list[Spec]:
        """The questions that this branch may answer, in form order; conditions are not judged."""
        return [spec for spec in self.questions if self.need(spec, branch) != "absent"]

    def section_of(self, spec: Spec, branch: str) -> str:
        """The id of the section on whose page the question stands in this branch."""
        must = self.need(spec, branch) in ("required", "or_not_sure")
        return str(spec["section"] if must else spec.get("topic", spec["section"]))

    @once
    def pages(self, branch: str) -> list[tuple[Spec, list[Spec]]]:
        """Each section with its questions in this branch; sections without any are left out."""
        asked = self.questions_for(branch)
        pages = [
            (section, [spec for spec in asked if self.section_of(spec, branch) == section["id"]])
            for section in self.sections
        ]
        return [(section, questions) for section, questions in pages if questions]

    @once
    def key_of(self, role: str, branch: str) -> str | None:
        """The key of the question that plays this role in this branch, asked or preset."""
        for spec in self.questions:
            if spec.get("role") == role and self.plays(spec, branch):
                return str(spec["key"])
        return None

    def plays(self, spec: Spec, branch: str) -> bool:
        """Whether the question has an answer in this branch: asked, or preset."""
        return self.need(spec, branch) != "absent" or branch in spec.get("preset", {})

    def choices(self, spec: Spec | str, branch: str) -> list[Spec]:
        """What a question (or part, or key) offers this branch; of each what CHOICE names."""
        found = self.question(spec) if isinstance(spec, str) else spec
        listed = self.body.get(found.get("choices_from", ""), [])
        own = [
            choice
            for choice in found.get("choices", [])
            if branch in choice.get("branches", [branch])
        ]
        return [_worded(choice, branch) for choice in [*listed, *own]]

    def choice_label(self, spec: Spec, branch: str, value: str) -> str:
        """How this branch reads one of the choices; a value that is none of them as it is."""
        for choice in (*self.body.get(spec.get("choices_from", ""), []), *spec.get("choices", [])):
            if choice["value"] == value and branch in choice.get("branches", [branch]):
                return str(_worded(choice, branch)["label"])
        return value

    @once
    def assumed(self, branch: str) -> Spec:
        """Presets and defaults of the branch by key: what counts where nothing was answered."""
        presets = {
            spec["key"]: spec["preset"][branch]
            for spec in self.questions
            if branch in spec.get("preset", {})
        }
        defaults = {
            spec["key"]: spec["default"] for spec in self.questions_for(branch) if "default" in spec
        }
        return presets | defaults


@once
def _in_language(profile: Profile, language: str) -> Profile:
    spoken = Profile.of(translated(profile.body, language))
    return replace(spoken, version=profile.version, language=language, written=profile)


def _labelled(labels: dict[str, dict[str, str]], value: str) -> dict[str, str]:
    """Its label; a value that an older profile does not know is shown as words, never raw."""
    return labels.get(value) or {"label": value.replace("_", " ").capitalize()}


def _one(listed: list[Spec], value: str) -> Spec:
    for entry in listed:
        if entry["value"] == value:
            return entry
    raise KeyError(value)


def _worded(choice: Spec, branch: str) -> Spec:
    """The choice as this branch reads it; only what a page needs."""
    plain: Spec = {key: choice[key] for key in CHOICE if key in choice}
    if branch == "partner":
        if "partner_label" in choice:
            plain["label"] = choice["partner_label"]
        if "partner_hint" in choice:
            plain["hint"] = choice["partner_hint"]
    return plain
