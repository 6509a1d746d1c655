"""Lanes: several connections to one mail server, a thread each, so that a slow one holds nobody.

A sender starts with one and takes another for each mail that leaves briskly; where the server
allows no more, there are no more for a while.
"""

import time
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue

from services.notify.sending.lane import Lane, LaneReport
from services.notify.sending.queue import Claim
from services.notify.smtp import Server

BRISK = 1.0  # seconds for a mail
CLOSELY = 0.001  # seconds between the words of two lanes, for each mail in hand: they share a core
DOTS = 16  # final dots whose answers may be awaited at once: a crash leaves as many in doubt
STUCK = 2.0  # seconds after which a mail gives its place to another one
LIMITED = 300.0  # seconds for which a server is believed that it takes no more connections


class Lanes:
    """The lanes of one sender; all of it but their threads is for the sender's thread alone."""

    def __init__(self, server: Server, *, most: int, archive: str = ""):
        self._server, self._most, self._archive = server, most, archive
        self._allowed, self._limit, self._limit_ends = 1, most, 0.0
        self._free: list[Lane] = []
        self._busy: dict[uuid.UUID, Lane] = {}
        self._back: list[Claim] = []
        self._offered: list[LaneReport] = []
        self._dots: set[uuid.UUID] = set()
        self._news: SimpleQueue[LaneReport] = SimpleQueue()

    def held(self) -> list[uuid.UUID]:
        """The mails in the hands of lanes."""
        return list(self._busy)

    def room(self) -> int:
        """How many mails may be handed over now."""
        at = time.monotonic()
        if at > self._limit_ends:
            self._limit = self._most
        if sum(self._is_stuck(mail_id) for mail_id in self._dots) >= DOTS:
            return 0
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

    def hear(self, *, within: float) -> list[LaneReport]:
        """What the lanes said, waiting at most so long for the first of them; the others are waited
        for as long as they follow closely, since what comes together is written together. Of those
        that are offered only as many are named as may have their dots now.

        A mail that lay ready behind one that failed or is stuck comes back like one without its
        dot.
        """
        ended: list[LaneReport] = []
        with suppress(Empty):
            while not self._all_said(but=len(ended)):
                pause = CLOSELY * len(self._busy) if ended or self._offered else within
                said = self._news.get(timeout=pause)
                (self._offered if said.offered else ended).append(said)
                self._dots.discard(said.claimed.mail_id)
        for said in ended:
            self._end(said)
        free = DOTS - len(self._dots)
        offered, self._offered = self._offered[:free], self._offered[free:]
        self._part_from_stuck()
        back, self._back = self._back, []
        return ended + offered + [LaneReport(claimed) for claimed in back]

    def answer(self, claimed: Claim, *, may: bool) -> None:
        """Let the dot of an offered mail go, or take the mail back."""
        if may:
            self._dots.add(claimed.mail_id)
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

    def _end(self, said: LaneReport) -> None:
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

    def _all_said(self, *, but: int) -> bool:
        """Whether every dot has its answer and, of the mails but those that have ended, as many are
        offered as may have their dots together. The others are offered meanwhile."""
        return not self._dots and len(self._offered) >= min(DOTS, len(self._busy) - but)

    def _is_stuck(self, mail_id: uuid.UUID) -> bool:
        return time.monotonic() - self._busy[mail_id].began >= STUCK

    def _part_from_stuck(self) -> None:
        """Take back what lies ready behind a mail that is stuck, and what waits for its dot since
        others are."""
        for said in [one for one in self._offered if self._is_stuck(one.claimed.mail_id)]:
            self._offered.remove(said)
            self.answer(said.claimed, may=False)
        for lane in {self._busy[mail_id] for mail_id in self._busy if self._is_stuck(mail_id)}:
            self._take_back(lane)

    def _take_back(self, lane: Lane) -> None:
        if claimed := lane.next():
            del self._busy[claimed.mail_id]
            self._back.append(claimed)
