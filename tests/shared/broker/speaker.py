"""A process that publishes as intake until all is confirmed: `speaker URL FILE FIRST COUNT`.

It writes the number of each confirmed message into FILE and starts where that ends: an outbox in
one file, so it can be killed and started again.
"""

import sys
import time
from contextlib import closing
from pathlib import Path

from shared.broker.publisher import Message, Publisher

url, file = sys.argv[1], Path(sys.argv[2])
first, count = int(sys.argv[3]), int(sys.argv[4])
confirmed = {int(line) for line in file.read_text().split()} if file.exists() else set()
todo = [number for number in range(first, first + count) if number not in confirmed]

with closing(Publisher(url, "intake")) as publisher, file.open("a") as out:
    while todo:
        batch = [
            Message(number, "proposal.changed.v1", str(number), b"%d" % number)
            for number in todo[:10]
        ]
        outcome = publisher.publish(batch, deadline=2)
        for number in sorted(outcome.confirmed):
            print(number, file=out, flush=True)
        todo = [number for number in todo if number not in outcome.confirmed]
        time.sleep(0.2 if outcome.failure else 0.05)  # slow, so that a kill hits it at work
