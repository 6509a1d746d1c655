"""How long to wait for a process on this machine, which may be busy with other work."""

import subprocess
import sys
import time

from tests.alike.sources import ROOT

USUAL = 6.0  # seconds


def patience() -> float:
    """The usual seconds, or four times those that Python needs for a service right now."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import services.notify"], cwd=ROOT, check=True)
    return max(USUAL, 4 * (time.monotonic() - began))
