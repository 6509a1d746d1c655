"""What intake's pages and mails say in each language, besides the texts of the profile."""

from typing import Any

from services.intake.labels import english, mail, spanish

LABELS = {"en": english.ENGLISH | mail.ENGLISH, "es": spanish.SPANISH | mail.SPANISH}


def translate(language: str, label: str, /, **values: Any) -> str:
    """A label in this language, with its placeholders filled."""
    return LABELS[language][label].format(**values)
