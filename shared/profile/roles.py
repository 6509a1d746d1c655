"""The roles that code knows; a profile says which question plays each.

Code asks for the answer to a role (`value_of`) and so names no question.
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

# Without these nothing can be received: every branch must answer a question of each.
NEEDED = ("branch", "contact_name", "contact", "title", "summary")

# What a rule can rely on: the type of the question that plays the role.
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
    """The branch that these answers chose, None while they have not."""
    branch = answers.get(profile.body["branch_question"])
    return branch if isinstance(branch, str) and branch in profile.branches else None


def value_of(profile: Profile, answers: dict[str, Any], role: str) -> Any:
    """The answer to the question of this role; None where it is not asked, left out or not sure."""
    branch = branch_of(profile, answers)
    key = profile.key_of(role, branch) if branch else None
    value = answers.get(key) if key else None
    return None if is_not_sure(value) else value
