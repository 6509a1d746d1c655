"""What the pages of intake say of themselves, in each language; what a campus says is in its
profile.
"""

from typing import Any

from flask import g

from services.intake.words.english import ENGLISH
from services.intake.words.spanish import SPANISH

WORDS = {"en": ENGLISH, "es": SPANISH}


def tell(word: str, **values: Any) -> str:
    """One of the words in the language of this page."""
    return WORDS[g.language][word].format(**values)
