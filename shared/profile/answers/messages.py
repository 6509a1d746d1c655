"""What an error says: a plain sentence that says what to do, and a code that programs may rely on.

A sentence never repeats the question, because it stands beside it. Codes are part of the API and
never change their meaning; the wording may.
"""

from typing import Any

from marshmallow import ValidationError

from shared.profile.answers.sentences import OR_CHOOSE, REQUIRED, SENTENCES, word


class Message(str):
    """A sentence with its code; marshmallow carries it as the string that it is.

    The string is American English; `in_language` says the same in another language.
    """

    code: str
    values: dict[str, Any]

    @classmethod
    def of(cls, code: str, **values: Any) -> "Message":
        """The sentence of this code, filled with its values."""
        said = cls(_sentence(code, values, "en"))
        said.code = code
        said.values = values
        return said

    def in_language(self, language: str) -> str:
        """The sentence in this language; in English where we do not speak it."""
        return _sentence(self.code, self.values, language if language in SENTENCES else "en")


def refused(code: str, **values: Any) -> ValidationError:
    """The error to raise; `values` fill the sentence of the code."""
    return ValidationError(Message.of(code, **values))


def required(kind: str, *, or_not_sure: str | None = None) -> ValidationError:
    """The error for a missing answer of this type; `or_not_sure` is the wording of that choice."""
    return ValidationError(Message.of("required", kind=kind, or_not_sure=or_not_sure))


def _sentence(code: str, values: dict[str, Any], language: str) -> str:
    if code != "required":
        filled = {name: word(str(value), language) for name, value in values.items()}
        return SENTENCES[language][code].format(**filled)
    sentence = REQUIRED[language][values["kind"]]
    if not values["or_not_sure"]:
        return sentence
    choice = OR_CHOOSE[language].format(choice=values["or_not_sure"])
    return sentence.removesuffix(".") + choice
