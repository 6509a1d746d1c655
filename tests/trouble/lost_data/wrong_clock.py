"""Runs a Python module in a process whose clock is wrong.

`python -m tests.trouble.lost_data.wrong_clock SECONDS PYTHON -m MODULE ARGUMENTS…` runs the module
as `PYTHON -m MODULE` would, with a time of day that is so many seconds ahead.
"""

import datetime
import runpy
import sys
import time

_SECONDS = float(sys.argv[1])
_right = time.time


class _Ahead(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(time.time(), tz)


if __name__ == "__main__":
    time.time = lambda: _right() + _SECONDS
    datetime.datetime = _Ahead  # type: ignore[misc]  # it shifts the clock of the whole process
    _, _, _, _, module, *arguments = sys.argv
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
