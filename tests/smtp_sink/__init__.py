"""A scripted mail server that refuses, hangs, drips, drops or forgets mails, and counts them.

It keeps every accepted mail with its bytes, so it can tell lost and doubled mails. In a test:

    with sink(faults=[("rcpt", b"450 4.2.1 later\\r\\n")]) as server:
        ...  # server.port, server.accepted

As a process, for chaos tests: `python -m tests.smtp_sink --port 25001 --ledger mails.db
--fault-rate 0.1 --seed 7`; the ledger holds an accepted mail before the server answers.

A fault is (stage, act). Stages: connect, ehlo, starttls, auth, mail, rcpt, data, body, dot, rset.
Acts: bytes (sent instead of the usual reply), "drop" (close at once), "hang" (send nothing),
"drip" (the usual reply, byte by byte); at the dot also "keep, then drop", "keep, then hang",
"keep, then late". Each fault happens once, at the next time its stage is reached.
"""

from tests.smtp_sink.server import Accepted, Act, Fault, Server, serving, sink

__all__ = ["Accepted", "Act", "Fault", "Server", "serving", "sink"]
