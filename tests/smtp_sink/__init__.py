"""A mail server that does as it is told: it refuses, hangs, drips, drops or forgets, and counts.

Every accepted mail is kept with its bytes, so it is the oracle for "lost" and "twice". In a test:

    with sink(faults=[("rcpt", b"450 4.2.1 later\\r\\n")]) as server:
        ...  # server.port, server.accepted

As a process, for storms: `python -m tests.smtp_sink --port 25001 --ledger mails.db --fault-rate 0.1
--seed 7`; what it accepted stands in the ledger before it answers.

A fault is (stage, act). Stages: connect, ehlo, starttls, auth, mail, rcpt, data, body, dot, rset.
Acts: bytes (said instead of the usual reply), "drop" (close without a word), "hang" (say nothing),
"drip" (the usual reply, byte by byte); at the dot also "keep, then drop", "keep, then hang",
"keep, then late". Each fault happens once, at the next time its stage is reached.
"""

from tests.smtp_sink.server import Accepted, Act, Fault, Server, serving, sink

__all__ = ["Accepted", "Act", "Fault", "Server", "serving", "sink"]
