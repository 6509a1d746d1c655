"""Error messages: a plain sentence that says what to do, and a code that programs may rely on.

Codes are part of the API and never change their meaning; the wording may.
"""

from typing import Any

from marshmallow import ValidationError

from shared.profile.answers.sentences import ON_PAGES, OR_CHOOSE, REQUIRED, SENTENCES, word


class FullSentence(str):
    """A message that names its question, so that a summary can show it without the label."""

    names_question = True


class Message(str):
    """A sentence with its code; marshmallow carries it as the string that it is.

    The string is American English; `in_language` says the same in another language.
    """

    code: str
    values: dict[str, Any]

    @classmethod
    def of(cls, code: str, **values: Any) -> "Message":
        """The sentence of this code, filled with its values."""
        message = cls(_sentence(code, values, "en"))
        message.code = code
        message.values = values
        return message

    def in_language(self, language: str) -> str:
        """The sentence in this language; in English if we have no other."""
        return _sentence(self.code, self.values, language if language in SENTENCES else "en")

    def on_page(self, language: str) -> str:
        """As `in_language`, for a page, which understands more than the API."""
        spoken = language if language in ON_PAGES else "en"
        return ON_PAGES[spoken].get(self.code) or self.in_language(language)


def refused(code: str, **values: Any) -> ValidationError:
    """The error to raise; `values` fill the sentence of the code."""
    return ValidationError(Message.of(code, **values))


def required(kind: str, *, missing: str = "", or_not_sure: str | None = None) -> Message:
    """The message for a missing answer to a question of this type.

    `missing` is the sentence of the profile, in its language; without it the type decides.
    `or_not_sure` is the wording of that choice, where it is offered.
    """
    return Message.of("required", kind=kind, missing=missing, or_not_sure=or_not_sure)


def _written(value: Any) -> str:
    """Numbers with commas, as counters write them."""
    return f"{value:,}" if isinstance(value, int) else str(value)


def _sentence(code: str, values: dict[str, Any], language: str) -> str:
    if code != "required":
        filled = {name: word(_written(value), language) for name, value in values.items()}
        return SENTENCES[language][code].format(**filled)
    missing = values["missing"]
    sentence = missing or REQUIRED[language][values["kind"]]
    if values["or_not_sure"]:
        choice = OR_CHOOSE[language].format(choice=values["or_not_sure"])
        sentence = sentence.removesuffix(".") + choice
    return FullSentence(sentence) if missing else sentence
