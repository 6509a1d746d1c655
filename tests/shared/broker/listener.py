"""A process that consumes as review: `listener URL FILE`; FILE gets a line for each message."""

import signal
import sys
import threading
from pathlib import Path

from shared.broker.consumer import Delivery, Pace, Verdict, consume

stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())

with Path(sys.argv[2]).open("a") as out:

    def write(delivery: Delivery) -> Verdict:
        print(delivery.body.decode(), file=out, flush=True)
        return Verdict.ACK

    pace = Pace(reconnect_first=0.05, reconnect_max=0.5)
    consume(sys.argv[1], "review", write, stop, beat=lambda: None, pace=pace)
