"""The answers as text, for people who asked for a copy.

A mail can be read in transit, so confidential answers are on the page only.
"""

from typing import Any

from services.intake.labels import translate
from shared.profile import Profile, branch_of, labels, value_of

RULE = "-" * 40  # under a heading
MAX_CHARACTERS = 40_000  # characters; the largest sample has 5,000


def copy_text(profile: Profile, answers: dict[str, Any], *, language: str) -> str:
    """Each section under its heading, each answer indented under its question; "" if no copy was
    asked for.
    """
    if not value_of(profile, answers, "copy"):
        return ""
    translated = profile.in_language(language)
    asked = profile.key_of("copy", branch_of(profile, answers) or "")
    parts, hidden = [], False
    for sheet in labels.sheets(translated, answers):
        rows = [row for row in sheet["rows"] if row["key"] != asked]
        public_rows = [row for row in rows if not row["confidential"]]
        hidden = hidden or len(public_rows) < len(rows)
        if not public_rows:
            continue
        lines = "\n".join(_item(row, translate(language, "not_sure_line")) for row in public_rows)
        has_heading = sheet["title"] != public_rows[0]["label"]
        parts.append(f"{sheet['title']}\n{RULE}\n\n{lines}" if has_heading else lines)
    if hidden:
        parts.append(translate(language, "copy_hidden"))
    text = "\n\n".join(parts)
    if len(text) <= MAX_CHARACTERS:
        return text
    shortened, _, _ = text[:MAX_CHARACTERS].rpartition("\n")
    return f"{shortened}\n\n{translate(language, 'copy_cut')}"


def _item(row: labels.Row, not_sure: str) -> str:
    """The question as an item of a list, and its answers under it. They are indented, so that no
    typed text looks like a part of the mail.
    """
    answers = [not_sure] if row["not_sure"] else row["shown"]
    lines = [" ".join(line.split()) for answer in answers for line in answer.splitlines()]
    return "\n  ".join([f"- {row['label']}", *lines])
