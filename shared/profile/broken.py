"""How a profile that cannot be used is refused: with file, key and reason, all of them at once."""

from collections.abc import Sequence
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing wrong; `key` reads like `questions.contact_email.limits.max_chars`."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.reason}"


class BrokenProfile(Exception):
    """A profile with at least one fault; `file`, `key` and `reason` are those of the first."""

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
