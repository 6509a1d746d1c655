"""Frames from route to row: run six acts in a checkout and count the project's functions.

`probe.py` runs in a process of its own with the checkout as its PYTHONPATH, so that each commit is
measured with its own code.
"""

import json
import os
import subprocess
from pathlib import Path

PROBE = Path(__file__).with_name("probe.py")


def figures(root: Path) -> dict[str, str]:
    """The number of frames of each act."""
    ran = subprocess.run(
        [root / ".venv" / "bin" / "python", PROBE, root],
        env={**os.environ, "PYTHONPATH": str(root)},
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    frames: dict[str, list[str]] = json.loads(ran.stdout.splitlines()[-1])
    return {
        f"frames from route to row: {action}": _shown(names) for action, names in frames.items()
    }


def _shown(names: list[str]) -> str:
    return f"{len(names)} ({' → '.join(names)})" if names else "0"
