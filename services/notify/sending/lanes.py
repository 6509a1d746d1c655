"""Lanes: several connections to one mail server, a thread each, so that a slow one holds nobody.

A lane speaks with the server and knows no database. It says when everything but the final dot is
offered, waits to be told whether the dot may go, and says how it ended. After an accepted mail it
offers at once the one that lies ready. It starts with one connection and takes another for each
mail that leaves briskly; where the server allows no more, there are no more for a while.
"""

import threading
import time
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import NamedTuple

from services.notify.addresses import BadAddress
from services.notify.sending.queue import Claim
from services.notify.smtp import Conversation, NotAccepted, Refused, Server
from shared import crash, logs

log = logs.logger(__name__)

BRISK = 1.0  # seconds for a mail
CLOSELY = 0.001  # seconds between the words of two lanes, for each mail in hand: they share a core
STUCK = 2.0  # seconds after which a mail gives its place to another one
IDLE = 5.0  # seconds after which a connection is given up
LIMITED = 300.0  # seconds for which a server is believed that it takes no more connections


class Said(NamedTuple):
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
        self, server: Server, news: SimpleQueue[Said], *, archive: str = "", number: int = 1
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


class Lanes:
    """The lanes of one sender; all of it but their threads is for the sender's thread alone."""

    def __init__(self, server: Server, *, most: int, archive: str = ""):
        self._server, self._most, self._archive = server, most, archive
        self._allowed, self._limit, self._limit_ends = 1, most, 0.0
        self._free: list[Lane] = []
        self._busy: dict[uuid.UUID, Lane] = {}
        self._back: list[Claim] = []
        self._news: SimpleQueue[Said] = SimpleQueue()

    def held(self) -> list[uuid.UUID]:
        """The mails in the hands of lanes."""
        return list(self._busy)

    def room(self) -> int:
        """How many mails may be handed over now."""
        at = time.monotonic()
        if at > self._limit_ends:
            self._limit = self._most
        busy = set(self._busy.values())
        going = sum(at - lane.began < STUCK for lane in busy)
        standing = sum(lane.conversation.stands for lane in self._free)
        opening = not all(lane.conversation.stands for lane in busy)  # one at a time
        room = min(self._allowed - going, self._limit - len(busy), standing + (not opening))
        return max(0, room)

    def ahead(self, offered: Iterable[Claim]) -> int:
        """How many mails may lie ready when the dots of these go: one a lane that is brisk."""
        return sum(self._busy[claimed.mail_id].brisk for claimed in offered)

    def live(self, *, within: float) -> bool:
        """Whether every lane at work gave a sign of life in so many seconds."""
        at = time.monotonic()
        return all(at - lane.lived < within for lane in self._busy.values())

    def hand(self, claimed: Claim) -> None:
        """Have a lane offer this mail."""
        lane = self._chosen()
        lane.began = lane.lived = time.monotonic()
        self._busy[claimed.mail_id] = lane
        lane.work.put(claimed)

    def hand_ahead(self, claims: Sequence[Claim], *, after: Sequence[Claim]) -> list[Claim]:
        """Let these mails lie ready behind some whose dots are about to go; return what is left."""
        left = list(claims)
        for lane in (self._busy[claimed.mail_id] for claimed in after):
            if left and lane.brisk:
                claimed = left.pop(0)
                self._busy[claimed.mail_id] = lane
                lane.ready.put(claimed)
        return left

    def hear(self, *, within: float) -> list[Said]:
        """What the lanes said, waiting at most so long for the first of them; the others are waited
        for as long as they follow closely, since what comes together is written together. A mail
        that lay ready behind one that failed or is stuck comes back like one without its dot.
        """
        heard: list[Said] = []
        with suppress(Empty):
            while len(heard) < len(self._busy):
                pause = CLOSELY * len(self._busy) if heard else within
                heard.append(self._news.get(timeout=pause))
        for said in heard:
            if not said.offered:
                self._end(said)
        at = time.monotonic()
        for lane in set(self._busy.values()):
            if at - lane.began >= STUCK:
                self._take_back(lane)
        back, self._back = self._back, []
        return heard + [Said(claimed) for claimed in back]

    def answer(self, claimed: Claim, *, may: bool) -> None:
        """Let the dot of an offered mail go, or take the mail back."""
        self._busy[claimed.mail_id].may.put(may)

    def others_stand(self) -> bool:
        """Whether the server takes part in a conversation on another lane."""
        return any(lane.conversation.stands for lane in self._all())

    def limit(self) -> None:
        """Open no more connections than stand, for a while."""
        self._limit = max(1, sum(lane.conversation.stands for lane in self._all()))
        self._allowed = min(self._allowed, self._limit)
        self._limit_ends = time.monotonic() + LIMITED

    def close(self) -> None:
        """End all threads; a mail whose dot was not allowed is taken back."""
        for lane in self._all():
            lane.next()
            lane.may.put(False)
            lane.work.put(None)

    def _all(self) -> set[Lane]:
        return {*self._free, *self._busy.values()}

    def _chosen(self) -> Lane:
        """One that has a connection before one that has not, and before a new one."""
        for place, lane in reversed(list(enumerate(self._free))):
            if lane.conversation.stands:
                return self._free.pop(place)
        if self._free:
            return self._free.pop()
        number = len(self._all()) + 1
        return Lane(self._server, self._news, archive=self._archive, number=number)

    def _end(self, said: Said) -> None:
        lane = self._busy.pop(said.claimed.mail_id)
        at = time.monotonic()
        lane.brisk = said.reply is not None and at - lane.began < BRISK
        lane.began = at
        if said.reply is None:
            self._take_back(lane)
        else:
            more = self._allowed + 1 if lane.brisk else self._allowed // 2
            self._allowed = max(1, min(self._limit, more))
        if lane not in self._busy.values():
            self._free.append(lane)

    def _take_back(self, lane: Lane) -> None:
        if claimed := lane.next():
            del self._busy[claimed.mail_id]
            self._back.append(claimed)


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


def _carried(lane: Lane, claimed: Claim) -> Said:
    """Bring one mail from its claim to the server's last word."""
    talk = lane.conversation
    try:
        talk.ready()
        crash.point("sender.after_connect")
        wanted = lane.archive if claimed.on_doubt == "verify" else ""
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
        lane.news.put(Said(claimed, offered=True, archived=copied))
        if not lane.may.get():
            talk.drop()
            return Said(claimed)
        talk.dot()
        crash.point("sender.after_dot")
        reply = talk.verdict()
        crash.point("sender.after_reply")
    except BadAddress as error:
        return Said(claimed, against=Refused(str(error)))
    except NotAccepted as refusal:
        return Said(claimed, against=refusal)
    except Exception as error:  # a fault of ours: the sender's thread raises it
        return Said(claimed, against=error)
    return Said(claimed, reply=reply)
