"""A naive sender: send unmarked mails, mark them afterwards. Arguments: DATABASE PORT."""

import smtplib
import sqlite3
import sys
import time

from shared import crash


def main(database: str, port: int) -> None:
    """Send until no mail is unmarked."""
    link = sqlite3.connect(database, timeout=10, isolation_level=None)
    while True:
        waiting = link.execute("SELECT id FROM mails WHERE sent = 0").fetchall()
        if not waiting:
            return
        for (name,) in waiting:
            crash.point("sender.before_mark")
            try:
                with smtplib.SMTP("127.0.0.1", port, timeout=0.5) as server:
                    body = f"Message-ID: <{name}>\r\nSubject: x\r\n\r\nHello\r\n"
                    server.sendmail("a@b.example", ["c@d.example"], body)
            except (OSError, smtplib.SMTPException):
                time.sleep(0.02)
                continue
            crash.point("sender.after_reply")
            link.execute("UPDATE mails SET sent = 1 WHERE id = ?", (name,))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
