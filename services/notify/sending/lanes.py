"""Lanes: several connections to one mail server, a thread each, so that no slow mail delays others.

A sender starts with one and adds another for each mail that is sent quickly. Where the server takes
no more connections, the sender opens no more for a while.
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
CLOSELY = 0.001  # seconds between the reports of two lanes, for each mail in hand
DOTS = 16  # final dots whose answers may be awaited at once: a crash leaves as many in doubt
STUCK = 2.0  # seconds after which a mail gives its place to another one
LIMITED = 300.0  # seconds until we try again to open more connections


class Lanes:
    """The lanes of one sender. Only the thread of the sender may call these methods."""

    def __init__(self, server: Server, *, most: int, archive: str = ""):
        self._server, self._most, self._archive = server, most, archive
        self._allowed, self._limit, self._limit_ends = 1, most, 0.0
        self._free: list[Lane] = []
        self._busy: dict[uuid.UUID, Lane] = {}
        self._back: list[Claim] = []
        self._offered: list[LaneReport] = []
        self._dots: set[uuid.UUID] = set()
        self._reports: SimpleQueue[LaneReport] = SimpleQueue()

    def held_mails(self) -> list[uuid.UUID]:
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
        connected = sum(lane.conversation.is_open for lane in self._free)
        opening = not all(lane.conversation.is_open for lane in busy)  # one at a time
        room = min(self._allowed - going, self._limit - len(busy), connected + (not opening))
        return max(0, room)

    def ahead(self, offered: Iterable[Claim]) -> int:
        """How many mails may be prepared when these get their dots: one for each brisk lane."""
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
        """Prepare these mails behind mails whose dots come next; return the rest."""
        remaining = list(claims)
        for lane in (self._busy[claimed.mail_id] for claimed in after):
            if remaining and lane.brisk:
                claimed = remaining.pop(0)
                self._busy[claimed.mail_id] = lane
                lane.ready.put(claimed)
        return remaining

    def collect_reports(self, *, within: float) -> list[LaneReport]:
        """The reports of the lanes. It waits `within` seconds for the first, and for others while
        they follow closely, since reports that come together are written together. Of the offered
        mails it returns only as many as may have their dots now.

        A prepared mail whose lane failed or is stuck is reported as if its dot had been refused, so
        it goes back to the queue.
        """
        ended: list[LaneReport] = []
        with suppress(Empty):
            while not self._all_reported(but=len(ended)):
                pause = CLOSELY * len(self._busy) if ended or self._offered else within
                report = self._reports.get(timeout=pause)
                (self._offered if report.offered else ended).append(report)
                self._dots.discard(report.claimed.mail_id)
        for report in ended:
            self._end(report)
        free_dots = DOTS - len(self._dots)
        offered, self._offered = self._offered[:free_dots], self._offered[free_dots:]
        self._take_back_stuck()
        taken_back, self._back = self._back, []
        return ended + offered + [LaneReport(claimed) for claimed in taken_back]

    def answer(self, claimed: Claim, *, may_until: float | None) -> None:
        """Allow the dot of an offered mail up to this moment, or take the mail back."""
        if may_until is not None:
            self._dots.add(claimed.mail_id)
        self._busy[claimed.mail_id].leave_given.put(may_until)

    def others_open(self) -> bool:
        """Whether another lane has a connection."""
        return any(lane.conversation.is_open for lane in self._all())

    def limit(self) -> None:
        """Open no more connections than there are, for a while."""
        self._limit = max(1, sum(lane.conversation.is_open for lane in self._all()))
        self._allowed = min(self._allowed, self._limit)
        self._limit_ends = time.monotonic() + LIMITED

    def close(self) -> None:
        """End all threads; mails without leave for their dots are taken back."""
        for lane in self._all():
            lane.next()
            lane.leave_given.put(None)
            lane.work.put(None)

    def _all(self) -> set[Lane]:
        return {*self._free, *self._busy.values()}

    def _chosen(self) -> Lane:
        """A lane with a connection if there is one, else a free lane, else a new one."""
        for place, lane in reversed(list(enumerate(self._free))):
            if lane.conversation.is_open:
                return self._free.pop(place)
        if self._free:
            return self._free.pop()
        number = len(self._all()) + 1
        return Lane(self._server, self._reports, archive=self._archive, number=number)

    def _end(self, report: LaneReport) -> None:
        lane = self._busy.pop(report.claimed.mail_id)
        at = time.monotonic()
        lane.brisk = report.reply is not None and at - lane.began < BRISK
        lane.began = at
        if report.reply is None:
            self._take_back(lane)
        else:
            target = self._allowed + 1 if lane.brisk else self._allowed // 2
            self._allowed = max(1, min(self._limit, target))
        if lane not in self._busy.values():
            self._free.append(lane)

    def _all_reported(self, *, but: int) -> bool:
        """Whether nothing is left to wait for: every dot has its answer, and all other mails in
        hand are offered, or as many as may have their dots together. `but` mails have ended.
        """
        return not self._dots and len(self._offered) >= min(DOTS, len(self._busy) - but)

    def _is_stuck(self, mail_id: uuid.UUID) -> bool:
        return time.monotonic() - self._busy[mail_id].began >= STUCK

    def _take_back_stuck(self) -> None:
        """Take back mails that are prepared behind a stuck one, and offered mails that waited too
        long for leave.
        """
        stuck = [report for report in self._offered if self._is_stuck(report.claimed.mail_id)]
        for report in stuck:
            self._offered.remove(report)
            self.answer(report.claimed, may_until=None)
        for lane in {self._busy[mail_id] for mail_id in self._busy if self._is_stuck(mail_id)}:
            self._take_back(lane)

    def _take_back(self, lane: Lane) -> None:
        if claimed := lane.next():
            del self._busy[claimed.mail_id]
            self._back.append(claimed)
