"""Every kind of mail, one entry each, in a module per recipient.

A new kind needs an entry in `to_proposers`, `to_asked` or `to_staff`, and a text in the profile.
The entry says all that differs between kinds, see `shared.mails.entry.Kind`. Its variables are a
schema of `shared.mails.proposers`, `asked` or `staff`, which kinds may share.

Tests check that each kind has a text in every language, that no other module lists kinds, and that
a proposer gets few mails.
"""

from shared.mails.entry import Kind
from shared.mails.kinds.to_asked import TO_THE_ASKED
from shared.mails.kinds.to_proposers import TO_PROPOSERS
from shared.mails.kinds.to_staff import IN_DIGEST, TO_STAFF

KINDS: dict[str, Kind] = TO_PROPOSERS | TO_THE_ASKED | TO_STAFF

__all__ = ["IN_DIGEST", "KINDS", "TO_PROPOSERS"]
