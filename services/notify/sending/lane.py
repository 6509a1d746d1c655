"""A lane: one connection with a thread of its own, which speaks with the server and knows no
database.

It says when everything but the final dot is offered, waits to be told whether the dot may go, and
says how it ended. After an accepted mail it offers at once the one that lies ready.
"""

import threading
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import NamedTuple

from services.notify.composing.addresses import BadAddress
from services.notify.sending.queue import Claim
from services.notify.smtp import Conversation, NotAccepted, Refused, Server
from shared import crash, logs
from shared.mails.entry import OnDoubt

log = logs.logger(__name__)

IDLE = 5.0  # seconds after which a connection is given up


class LaneReport(NamedTuple):
    """Word from a lane. `offered`: everything but the dot is, with a copy if `archived`. Else how
    it ended: `reply` of a mail that was accepted, what stood against it, or neither where the dot
    was not allowed."""

    claimed: Claim
    offered: bool = False
    archived: bool = False
    reply: str | None = None
    against: Exception | None = None


class Lane:
    """One connection, and what goes in and out of its thread."""

    def __init__(
        self, server: Server, news: SimpleQueue[LaneReport], *, archive: str = "", number: int = 1
    ):
        self.conversation = Conversation(server, beat=self.live)
        self.work: SimpleQueue[Claim | None] = SimpleQueue()
        self.ready: SimpleQueue[Claim] = SimpleQueue()
        self.may: SimpleQueue[bool] = SimpleQueue()
        self.began = self.lived = time.monotonic()
        self.brisk = False
        self.news, self.archive = news, archive
        threading.Thread(target=_run, args=(self,), name=f"lane {number}", daemon=True).start()

    def live(self) -> None:
        """Give a sign of life."""
        self.lived = time.monotonic()

    def next(self) -> Claim | None:
        """The mail that lies ready, for the thread that takes it first."""
        with suppress(Empty):
            return self.ready.get_nowait()
        return None


def _run(lane: Lane) -> None:
    """A lane's thread: one mail after another, until there is a None."""
    while True:
        try:
            claimed = lane.work.get(timeout=IDLE)
        except Empty:
            lane.conversation.leave()
            continue
        if claimed is None:
            lane.conversation.leave()
            return
        while claimed is not None:
            lane.live()
            with logs.bound(claimed.traceparent, mail_id=str(claimed.mail_id)):
                said = _carried(lane, claimed)
            lane.news.put(said)
            claimed = None if said.reply is None else lane.next()


def _carried(lane: Lane, claimed: Claim) -> LaneReport:
    """Bring one mail from its claim to the server's last word."""
    talk = lane.conversation
    try:
        talk.ready()
        crash.point("sender.after_connect")
        wanted = lane.archive if claimed.on_doubt == OnDoubt.VERIFY else ""
        copied = talk.offer(
            envelope_from=claimed.envelope_from,
            recipient=claimed.recipient,
            body=claimed.rendered,
            copy_to=wanted,
        )
        if wanted and not copied:
            log.warning("the archive is refused; the letter goes without")
        talk.heed_goodbye()
        crash.point("sender.before_mark")
        lane.news.put(LaneReport(claimed, offered=True, archived=copied))
        if not lane.may.get():
            talk.drop()
            return LaneReport(claimed)
        talk.heed_goodbye()  # nobody knows how long the mark took
        talk.dot()
        crash.point("sender.after_dot")
        reply = talk.verdict()
        crash.point("sender.after_reply")
    except BadAddress as error:
        return LaneReport(claimed, against=Refused(str(error)))
    except NotAccepted as refusal:
        return LaneReport(claimed, against=refusal)
    except Exception as error:  # a fault of ours: the sender's thread raises it
        return LaneReport(claimed, against=error)
    return LaneReport(claimed, reply=reply)
