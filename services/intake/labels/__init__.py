"""What intake's pages and mails say in each language, besides the texts of the profile."""

from typing import Any

from services.intake.labels import english, mail, spanish
from services.intake.labels.messages import MESSAGES

LABELS = {
    "en": english.ENGLISH | mail.ENGLISH | MESSAGES["en"],
    "es": spanish.SPANISH | mail.SPANISH | MESSAGES["es"],
}


def translate(language: str, label: str, /, **values: Any) -> str:
    """A label in this language, with its placeholders filled."""
    return LABELS[language][label].format(**values)
