"""Checks that all texts of a profile exist in every language and use only known placeholders."""

from collections.abc import Iterator
from typing import Any

from shared.mails.kinds import KINDS
from shared.profile.schema.question_checks import Fault, repeated
from shared.profile.schema.texts import FLAGS, LABEL_NAMES, LETTERS, PAGES, PUBLIC_LABELS, STATES
from shared.profile.text import BadTemplate, check
from shared.profile.translations import texts, translated

Spec = dict[str, Any]

LANGUAGES = ("en", "es")  # the languages of the suite itself


def check_languages(body: Spec) -> Iterator[Fault]:
    """Each language is one of the suite, and no text lacks a translation."""
    for index, language in enumerate(body["languages"]):
        if language not in LANGUAGES:
            reason = f"“{language}” is not supported; use {' or '.join(LANGUAGES)}"
            yield ("languages", index), "languages", reason
    for name, promise in body["promises"].items():
        for language in set(body["languages"]) - promise["wording"].keys():
            yield ("promises",), f"promises.{name}.wording.{language}", "this wording is missing"
    for language in body["languages"][1:]:
        known = body.get("translations", {}).get(language, {})
        table_of = {text: table for table, text in texts(body)}
        for text, table in table_of.items():
            if text not in known:
                reason = f"“{text}” (in {table}) is not translated"
                yield ("translations",), f"translations.{language}", reason


def check_texts(body: Spec) -> Iterator[Fault]:
    """Every label and reason that code looks up exists, and every placeholder is known."""
    for name, values in (("public_labels", PUBLIC_LABELS), ("states", STATES), ("flags", FLAGS)):
        for value in set(values) - body[name].keys():
            yield (name,), f"{name}.{value}", "this label is missing"
        for value in body[name].keys() - set(values):
            yield (name,), f"{name}.{value}", "code knows no such value"
    for index, value in repeated(reason["value"] for reason in body["reasons"]):
        yield ("reasons", index), f"reasons.{value}", "there is such a reason already"
    for language in body["languages"]:
        yield from _placeholders(translated(body, language))


def check_mails(body: Spec) -> Iterator[Fault]:
    """Mails and letters of every kind exist in every language, with a subject of one line."""
    mails = {kind: frozenset(known.variables().fields) for kind, known in KINDS.items()}
    for table, known in (("mails", mails), ("letters", LETTERS)):
        for kind in body[table].keys() - known.keys():
            yield (table,), f"{table}.{kind}", f"there is no such kind of {table[:-1]}"
        for kind, names in known.items():
            for language in body["languages"]:
                text = body[table].get(kind, {}).get(language)
                key = f"{table}.{kind}.{language}"
                if text is None:
                    yield (table,), key, "this text is missing"
                    continue
                yield from _misused(text, (table,), key=key, names=names)
                if "\n" in text["subject"] or "\t" in text["subject"]:
                    yield (table,), f"{key}.subject", "a subject is one line"
                about = table == "mails" and KINDS[kind].about_a_proposal
                if about and "{{reference}}" not in text["subject"]:
                    yield (table,), f"{key}.subject", "a subject holds {{reference}}"


def _placeholders(body: Spec) -> Iterator[Fault]:
    for page, names in PAGES.items():
        yield from _misused(body["texts"][page], ("texts",), key=f"texts.{page}", names=names)
    for value, label in body["public_labels"].items():
        key = f"public_labels.{value}"
        for name, text in label.items():  # the office reads a label too, apart from any case
            names = frozenset() if name == "label" else LABEL_NAMES
            yield from _misused(text, ("public_labels",), key=f"{key}.{name}", names=names)
        if ("promise" in label) != ("{{day}}" in label.get("next", "")):
            reason = "use {{day}} in next exactly where promise names the date"
            yield ("public_labels",), f"{key}.next", reason
    for index, entry in enumerate(body["reasons"]):
        key = f"reasons.{entry['value']}"
        yield from _misused(entry, ("reasons", index), key=key, names=frozenset())


def _misused(
    value: Any, path: tuple[str | int, ...], *, key: str, names: frozenset[str]
) -> Iterator[Fault]:
    """Each placeholder at any depth that is malformed or not in `names`."""
    if isinstance(value, str):
        try:
            check(value, names)
        except BadTemplate as bad:
            yield path, key, str(bad)
        return
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in entries:
        yield from _misused(inner, path, key=f"{key}.{name}", names=names)
