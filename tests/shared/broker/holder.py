"""A process that takes messages, prints a line and waits to be killed: `holder URL QUEUE COUNT`."""

import sys
import time

from tests.shared.broker.talk import consuming

with consuming(sys.argv[1], sys.argv[2], prefetch=int(sys.argv[3])) as consumer:
    consumer.wait(int(sys.argv[3]))
    print("holding", flush=True)
    time.sleep(600)
