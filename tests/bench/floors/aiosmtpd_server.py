"""aiosmtpd as a mail server that accepts all and writes down who got a mail when: PORT LEDGER."""

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP


class Keeper:
    """aiosmtpd's handler: note the mail, then say 250."""

    def __init__(self, ledger: Path):
        self._lines = ledger.open("a", buffering=1, encoding="utf-8")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self._lines.write(f"{envelope.rcpt_tos[0]} {time.time():.6f}\n")
        return "250 2.0.0 kept"


async def main(port: int, ledger: Path) -> None:
    """Serve until the process is ended."""
    keeper = Keeper(ledger)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(keeper, hostname="floor"), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
