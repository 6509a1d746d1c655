"""The answers as a text, for whoever asked for a copy of them.

A mail can be read on its way, so what is marked confidential stays out of it and on the page.
"""

from typing import Any

from services.intake.labels import LABELS
from shared.profile import Profile, labels, value_of

MAX_CHARACTERS = 40_000  # characters; the largest sample has 5,000


def copy_text(profile: Profile, answers: dict[str, Any], *, language: str) -> str:
    """Each section with a line an answer; "" where no copy is wanted."""
    if not value_of(profile, answers, "copy"):
        return ""
    words = LABELS[language]
    spoken = profile.in_language(language)
    parts, hidden = [], False
    for sheet in labels.sheets(spoken, answers):
        told = [row for row in sheet["rows"] if not row["confidential"]]
        hidden = hidden or len(told) < len(sheet["rows"])
        if told:
            lines = "\n".join(_line(row, words["not_sure_line"]) for row in told)
            parts.append(f"{sheet['title']}\n\n{lines}")
    if hidden:
        parts.append(words["copy_hidden"])
    whole = "\n\n".join(parts)
    if len(whole) <= MAX_CHARACTERS:
        return whole
    kept, _, _ = whole[:MAX_CHARACTERS].rpartition("\n")
    return f"{kept}\n\n{words['copy_cut']}"


def _line(row: labels.Row, not_sure: str) -> str:
    """One line, so that nothing that was typed looks like a part of the mail."""
    said = not_sure if row["not_sure"] else "; ".join(row["shown"])
    label = row["label"] if row["label"].endswith(("?", ".", ":")) else f"{row['label']}:"
    return f"- {label} {' '.join(said.split())}"
