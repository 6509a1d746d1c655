"""Run `make demo`, submit a proposal, wait for its receipt in the mailbox, then press Ctrl-C.

It runs in the clone on the bare machine, so it uses only the standard library of Debian's Python.
The request is that of the curl command in README.md.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

READY_WITHIN = 600.0  # seconds, including the installation
RECEIPT_WITHIN = 120.0
STOPPED_WITHIN = 60.0
SAMPLE = Path("tests/samples/partner-half-idea.json")
RUNS = "Ctrl-C stops everything."
STOPPED = "Everything is stopped."


class Failed(Exception):
    """The demo did not do what README says; the message has the reason."""


def main() -> int:
    """Visit the demo on the ports of DEMO_PORTS; print the outcome as the last line."""
    ports = os.environ["DEMO_PORTS"].split(",")
    intake, mailbox = (f"http://127.0.0.1:{ports[place]}" for place in (0, 3))
    with tempfile.NamedTemporaryFile(prefix="make-demo-") as lines:
        output = Path(lines.name)
        demo = subprocess.Popen(
            ["make", "demo"],
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=lines,
            start_new_session=True,
        )
        try:
            outcome = _visit(demo, output, intake=intake, mailbox=mailbox)
        except Failed as failed:
            outcome = f"failed: {failed}"
        finally:
            if demo.poll() is None:
                os.killpg(demo.pid, signal.SIGKILL)
        print(output.read_text(encoding="utf-8", errors="replace"))
    print(outcome)
    return 1 if outcome.startswith("failed") else 0


def _visit(demo: subprocess.Popen[bytes], output: Path, *, intake: str, mailbox: str) -> str:
    start = time.monotonic()
    _wait_until_ready(demo, output)
    up = time.monotonic() - start
    reference = _send(intake)
    sent = time.monotonic()
    _wait_for_receipt(mailbox, reference)
    receipt = time.monotonic() - sent
    _press_ctrl_c(demo, output)
    return f"ready after {up:.0f} s, receipt {receipt:.1f} s after the answer, stopped by Ctrl-C"


def _wait_until_ready(demo: subprocess.Popen[bytes], output: Path) -> None:
    end = time.monotonic() + READY_WITHIN
    while RUNS not in output.read_text(encoding="utf-8", errors="replace"):
        if demo.poll() is not None:
            raise Failed(f"make demo ended with code {demo.returncode}")
        if time.monotonic() > end:
            raise Failed(f"make demo is not ready after {READY_WITHIN:.0f} s")
        time.sleep(0.2)


def _send(intake: str) -> str:
    """Submit the proposal of README's command; return its reference."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
    request = Request(f"{intake}/api/v1/proposals", data=SAMPLE.read_bytes(), headers=headers)  # noqa: S310
    try:
        with urlopen(request, timeout=30) as response:  # noqa: S310
            return str(json.load(response)["reference"])
    except OSError as error:
        raise Failed(f"the proposal was not accepted: {error}") from error


def _wait_for_receipt(mailbox: str, reference: str) -> None:
    proposer = json.loads(SAMPLE.read_bytes())["answers"]["contact_email"]
    end = time.monotonic() + RECEIPT_WITHIN
    while not any(proposer in mail["to"] and reference in mail["text"] for mail in _mails(mailbox)):
        if time.monotonic() > end:
            raise Failed(f"no receipt for {reference} within {RECEIPT_WITHIN:.0f} s")
        time.sleep(0.1)


def _mails(mailbox: str) -> list[dict[str, Any]]:
    try:
        with urlopen(f"{mailbox}/api/messages", timeout=10) as response:  # noqa: S310
            mails: list[dict[str, Any]] = json.load(response)
            return mails
    except OSError as error:
        raise Failed(f"the mailbox does not answer: {error}") from error


def _press_ctrl_c(demo: subprocess.Popen[bytes], output: Path) -> None:
    """Send SIGINT to the whole process group, as a terminal does."""
    os.killpg(demo.pid, signal.SIGINT)
    try:
        demo.wait(STOPPED_WITHIN)
    except subprocess.TimeoutExpired:
        raise Failed(f"make demo did not stop within {STOPPED_WITHIN:.0f} s") from None
    if STOPPED not in output.read_text(encoding="utf-8", errors="replace"):
        raise Failed("make demo ended on Ctrl-C without stopping its processes")


if __name__ == "__main__":
    sys.exit(main())
