"""Runs all tests: without a browser, then with one; `--again` repeats the tests that failed.

On a shared machine other work can delay a browser for half a minute. Continuous integration
therefore runs failed tests a second time by themselves; a test fails if it fails twice. An aborted
run (pytest's exit codes above 1) is not repeated, because its failures are unknown.
"""

import argparse
import subprocess
import sys

PARTS = (("-n", "4", "-m", "not browser"), ("-n", "2", "-m", "browser"))
ONCE_MORE = ("--last-failed", "--last-failed-no-failures", "none")


def pytest(*arguments: str) -> int:
    return subprocess.call([sys.executable, "-m", "pytest", *arguments])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--again", action="store_true", help="run once more, alone, what failed")
    codes = [pytest(*part) for part in PARTS]
    if parser.parse_args().again and max(codes) == 1:
        print("Once more, alone, what failed above:", flush=True)
        return pytest(*ONCE_MORE)
    return max(codes, key=abs)


if __name__ == "__main__":
    raise SystemExit(main())
