"""A colleague resolves a mail whose delivery is unconfirmed: it arrived, or it is sent again.

Or they send a failed mail again, also to an address that gets no mail, because its server said that
there is no such mailbox. notify owns the mail. It gets the answer as `mail.settled.v1` and
publishes the new state.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from services.review.cases import undelivered_mail
from services.review.lifecycle import mail_status, transitions
from services.review.lifecycle.actions import CaseAction, NotPossible
from services.review.models import Case, MailStatus, Staff
from services.review.models.states import MailState
from shared import outbox
from shared.events import MailAnswer
from shared.mails.entry import OnDoubt
from shared.mails.kinds import KINDS
from shared.mails.kinds.to_proposers import ASKED_AGAIN
from shared.tables import now

SETTLES_ITSELF_WITHIN = timedelta(hours=1)
ANSWERS = {
    MailAnswer.ARRIVED: "marked it as delivered",
    MailAnswer.SEND_AGAIN: "resent it",
}


NO_ANSWER = "This email needs no answer anymore. Open the case again."
ADDRESS_TRIED = "tried the address again"


class Resolution(NamedTuple):
    """The answer about one mail, at the version that the page showed."""

    mail_id: UUID | None
    version: int
    answer: MailAnswer


def needs_person(mail: MailStatus) -> bool:
    """Whether a person has to find out if this mail arrived."""
    kind = KINDS.get(mail.kind)
    if mail.state != MailState.UNCONFIRMED:
        return False
    if kind is None or kind.on_doubt == OnDoubt.RESEND:
        return mail.changed_at < now() - SETTLES_ITSELF_WITHIN  # not so after a restore
    return True


def can_send_again(case: Case, mail: MailStatus, mails: Sequence[MailStatus]) -> bool:
    """Whether this mail to the proposer failed and intake can ask for it again; `mails` are all of
    the case. A decision is not sent again once its case is open again.
    """
    if mail.kind not in ASKED_AGAIN or not MailState(mail.state).not_reached:
        return False
    is_banned = undelivered_mail.is_banned(mail) and not undelivered_mail.is_made_good(mail, mails)
    if is_banned or undelivered_mail.is_under_way_again(mail, mails):
        return False
    return mail.kind != "decision" or case.outcome is not None


def resolve(session: Session, case: Case, *, by: Staff, resolution: Resolution) -> bool:
    """Send the answer to notify. False if it only allows mail to the address again, because nobody
    can ask for this mail once more. Raises NotPossible if the mail needs no answer anymore.
    """
    mail = session.get(MailStatus, resolution.mail_id) if resolution.mail_id else None
    belongs = mail is not None and mail.proposal_id == case.proposal_id
    if mail is None or not belongs or mail.version != resolution.version:
        raise NotPossible(NO_ANSWER)
    banned = failed = False
    if resolution.answer == MailAnswer.SEND_AGAIN:
        banned = undelivered_mail.is_banned(mail)
        failed = can_send_again(case, mail, mail_status.mails_of(session, case))
    if not (banned or failed or needs_person(mail)):
        raise NotPossible(NO_ANSWER)
    answer = ADDRESS_TRIED if banned and not failed else ANSWERS[resolution.answer]
    transitions.apply(session, case, CaseAction.RESOLVE_MAIL, by=by, reason=answer)
    data = {
        **resolution._asdict(),
        "proposal_id": case.proposal_id,
        "reason": f"{by.name} {answer}.",
        "settled_at": now(),
    }
    outbox.add(session, "mail.settled.v1", data)
    return not banned or mail.kind in ASKED_AGAIN
