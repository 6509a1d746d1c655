"""A lane: one connection to the mail server with its own thread, which does not use the database.

It reports when everything but the final dot is sent, waits for leave to send the dot, and reports
how the attempt ended. After an accepted mail it offers the prepared one at once.
"""

import threading
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import NamedTuple

from services.notify.composing.addresses import BadAddress
from services.notify.sending.queue import Claim
from services.notify.smtp import Conversation, Lost, NotAccepted, Refused, Server
from shared import crash, logs
from shared.mails.entry import OnDoubt

log = logs.logger(__name__)

IDLE = 5.0  # seconds after which a connection is given up


class LaneReport(NamedTuple):
    """A report of a lane. `offered`: everything but the dot is sent, with a copy if `archived`.
    Else the attempt ended: `reply` of an accepted mail, the `refusal`, or neither where the dot was
    not allowed.
    """

    claimed: Claim
    offered: bool = False
    archived: bool = False
    reply: str | None = None
    refusal: Exception | None = None


class Lane:
    """One connection, and what goes in and out of its thread."""

    def __init__(
        self,
        server: Server,
        reports: SimpleQueue[LaneReport],
        *,
        archive: str = "",
        number: int = 1,
    ):
        self.conversation = Conversation(server, beat=self.live)
        self.work: SimpleQueue[Claim | None] = SimpleQueue()
        self.ready: SimpleQueue[Claim] = SimpleQueue()
        self.leave_given: SimpleQueue[float | None] = SimpleQueue()  # until when, if at all
        self.began = self.lived = time.monotonic()
        self.brisk = False
        self.reports, self.archive = reports, archive
        threading.Thread(target=_run, args=(self,), name=f"lane {number}", daemon=True).start()

    def live(self) -> None:
        """Give a sign of life."""
        self.lived = time.monotonic()

    def next(self) -> Claim | None:
        """The prepared mail; only the first thread that asks gets it."""
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
                report = _sent(lane, claimed)
            lane.reports.put(report)
            claimed = None if report.reply is None else lane.next()


def _sent(lane: Lane, claimed: Claim) -> LaneReport:
    """Take one mail from its claim to the server's last reply."""
    conversation = lane.conversation
    try:
        conversation.ready()
        crash.point("sender.after_connect")
        wanted = lane.archive if claimed.on_doubt == OnDoubt.VERIFY else ""
        copied = conversation.offer(
            envelope_from=claimed.envelope_from,
            recipient=claimed.recipient,
            body=claimed.rendered,
            copy_to=wanted,
        )
        if wanted and not copied:
            log.warning("the server refuses the archive; the letter is sent without a copy")
        conversation.heed_goodbye()
        crash.point("sender.before_mark")
        lane.reports.put(LaneReport(claimed, offered=True, archived=copied))
        leave_ends = lane.leave_given.get()
        if leave_ends is None:
            conversation.drop()
            return LaneReport(claimed)
        conversation.heed_goodbye()  # the mark may have taken long
        if time.monotonic() > leave_ends:
            conversation.drop()
            raise Lost("This process was stopped before the final dot.")
        conversation.dot()
        crash.point("sender.after_dot")
        reply = conversation.verdict()
        crash.point("sender.after_reply")
    except BadAddress as error:
        return LaneReport(claimed, refusal=Refused(str(error)))
    except NotAccepted as refusal:
        return LaneReport(claimed, refusal=refusal)
    except Exception as error:  # a fault of ours: the sender's thread raises it
        return LaneReport(claimed, refusal=error)
    return LaneReport(claimed, reply=reply)
