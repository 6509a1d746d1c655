"""The roles of questions that rules depend on; the profile assigns a question to each role.

Code looks up answers by role (`value_of`) and never names a question.
"""

from typing import Any

from shared.profile.conditions import is_not_sure
from shared.profile.profile import Profile

ROLES = frozenset(
    {
        "branch",
        "contact_name",
        "contact",
        "organization",
        "office",
        "sponsor_unit",
        "leadership",
        "title",
        "summary",
        "need",
        "skills",
        "uniqueness",
        "audience",
        "campus_account",
        "evidence",
        "evidence_note",
        "files",
        "partner",
        "partner_list",
        "agreement",
        "credit_intent",
        "assessment",
        "expiry",
        "renewal",
        "lead",
        "support",
        "payer",
        "target_term",
        "goal",
        "confidential",
        "privacy",
        "share",
        "copy",
    }
)

# Every branch must require an answer for each of these roles.
NEEDED = ("branch", "contact_name", "contact", "title", "summary")

# The type that the question of a role must have, because rules depend on it.
TYPE_OF = {
    "branch": "single",
    "contact_name": "text",
    "contact": "email",
    "title": "text",
    "summary": "long_text",
    "skills": "list_of_text",
    "sponsor_unit": "single",
    "office": "single",
    "files": "files",
    "privacy": "consent",
    "copy": "consent",
}


def branch_of(profile: Profile, answers: dict[str, Any]) -> str | None:
    """The branch chosen in these answers, None without a valid choice."""
    branch = answers.get(profile.body["branch_question"])
    return branch if isinstance(branch, str) and branch in profile.branches else None


def value_of(profile: Profile, answers: dict[str, Any], role: str) -> Any:
    """The answer to the question of this role; None if not asked, unanswered or not sure."""
    branch = branch_of(profile, answers)
    key = profile.key_of(role, branch) if branch else None
    value = answers.get(key) if key else None
    return None if is_not_sure(value) else value


def only_choice(profile: Profile, part: dict[str, Any], branch: str) -> str | None:
    """The answer to a required part with one choice in this branch, which pages do not ask."""
    if part["type"] != "single" or not part.get("required"):
        return None
    offered = profile.choices(part, branch)
    return str(offered[0]["value"]) if len(offered) == 1 else None
