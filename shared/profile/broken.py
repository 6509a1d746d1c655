"""The error for an unusable profile: file, key and reason of every fault."""

from collections.abc import Sequence
from typing import NamedTuple


class Fault(NamedTuple):
    """One fault; `key` reads like `questions.contact_email.limits.max_chars`."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.reason}"


class BrokenProfile(Exception):
    """Raised for a profile with faults; `file`, `key` and `reason` describe the first one."""

    def __init__(self, faults: Sequence[Fault]):
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = list(faults)

    @property
    def file(self) -> str:
        return self.faults[0].file

    @property
    def key(self) -> str:
        return self.faults[0].key

    @property
    def reason(self) -> str:
        return self.faults[0].reason
