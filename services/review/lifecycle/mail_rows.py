"""The mails of a case as its page shows them: state, reason, and what a person can do."""

from collections.abc import Sequence
from typing import Any

from services.review import labels
from services.review.cases import undelivered_mail
from services.review.lifecycle import unconfirmed_mail
from services.review.models import Case, MailStatus
from services.review.models.states import MailState

SENT_AGAIN = ("Sent again", "ok")
_WITHOUT_REASON = (MailState.SENT, MailState.QUEUED, MailState.CONFIRMED)


def row(case: Case, mail: MailStatus, mails: Sequence[MailStatus]) -> dict[str, Any]:
    """One of these mails; `mails` are all of its case."""
    state = MailState(mail.state)
    title, because = labels.mail(mail.kind)
    sent_again = undelivered_mail.is_sent_again(mail, mails)
    made_good = undelivered_mail.is_made_good(mail, mails)
    word, tone = SENT_AGAIN if sent_again else labels.mail_state(mail.state)
    missed = undelivered_mail.missed_proposer(kind=mail.kind, state=state)
    waits = unconfirmed_mail.needs_person(mail)
    return {
        "id": mail.mail_id,
        "version": mail.version,
        "waits": waits,
        "banned": undelivered_mail.is_banned(mail) and not made_good,
        "resend": unconfirmed_mail.can_send_again(case, mail, mails),
        "unreached": missed and not made_good,
        "overtaken": missed and made_good and not sent_again,
        "again": state is MailState.UNCONFIRMED and not waits,
        "title": title,
        "because": because,
        "state": word,
        "tone": tone,
        "reason": "" if state in _WITHOUT_REASON else mail.reason,
        "at": mail.changed_at,
    }
