"""The institution profile: everything that differs between universities, in one place."""

from shared.profile.broken import BrokenProfile, Fault
from shared.profile.files import read
from shared.profile.profile import Profile, version_of
from shared.profile.roles import branch_of, value_of
from shared.profile.schema.checks import faults

__all__ = [
    "BrokenProfile",
    "Fault",
    "Profile",
    "branch_of",
    "faults",
    "read",
    "value_of",
    "version_of",
]
