"""What the pages of intake say of themselves, in each language; what a campus says is in its
profile.
"""

from typing import Any

from flask import g

from services.intake.labels.english import ENGLISH
from services.intake.labels.spanish import SPANISH

LABELS = {"en": ENGLISH, "es": SPANISH}


def translate(word: str, **values: Any) -> str:
    """One of the words in the language of this page."""
    return LABELS[g.language][word].format(**values)
