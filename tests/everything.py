"""All tests: those without a browser, then those with one; `--again` asks once more what failed.

On a shared machine a neighbour can keep a browser waiting for half a minute. Continuous integration
therefore runs what failed a second time, alone; what fails twice has failed. Nothing is asked
again when a run broke off (pytest's codes above 1): then it is not known what would have failed.
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
