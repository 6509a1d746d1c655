"""What the entry of a kind of mail holds."""

from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from shared.mails.reasons import Group, Reason
from shared.mails.variables import AboutNothing, Variables


class OnDoubt(StrEnum):
    """What notify does when it does not know whether the mail server took a mail."""

    RESEND = "resend"
    ASK = "ask"  # a person decides
    VERIFY = "verify"  # look it up at the mail server where it offers that, else ask


class DigestRule(StrEnum):
    """The daily summary mentions a case only while this is true of it."""

    OPEN = "open"
    WITH_OFFICE = "with_office"  # the next step is the office's
    AWAITING_RELEASE = "awaiting_release"
    OPEN_OR_DECIDED = "open_or_decided"
    NOT_ERASED = "not_erased"


class Choice(NamedTuple):
    """A line of the account page, where each colleague chooses when a kind of mail comes.

    `digest`: the rule of the daily summary; None where the mail cannot wait for it.
    """

    label: str
    digest: DigestRule | None = None
    leads_only: bool = False


class Kind(NamedTuple):
    """How a case lists a kind of mail (`title`, `because`), why its reader gets it, how long it is
    worth sending. `choice` is None where the mail always comes at once.

    A case in which nothing is missing sends every kind to its proposer, except those that say
    why it does not (`not_in_good_case`). `awaits` names the part of Overture that will request
    the kind; it is "" once code does.
    """

    variables: type[AboutNothing]
    title: str
    because: str
    reason: Reason = Reason.SENT_AN_IDEA
    expiry: timedelta = timedelta(days=3)
    on_doubt: OnDoubt = OnDoubt.RESEND
    choice: Choice | None = None
    not_in_good_case: str = ""
    awaits: str = ""

    @property
    def group(self) -> Group:
        """Transactional, for information, or to staff."""
        return self.reason.group

    @property
    def about_a_proposal(self) -> bool:
        """Whether its subject and text name a reference."""
        return issubclass(self.variables, Variables)

    @property
    def secrets(self) -> set[str]:
        """The variables that give access to whoever has them."""
        named = self.variables().fields.items()
        return {name for name, field in named if field.metadata.get("secret")}
