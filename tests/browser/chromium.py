"""Debian's Chromium, driven by Playwright: it asks nobody on the network for anything."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.servers.programs import find

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@contextmanager
def started() -> Iterator[Browser]:
    """A browser without a window, installed where it may be. Raises programs.Missing.

    Only one at a time in a process: Playwright allows no more.
    """
    program = find("Chromium", "/usr/bin/chromium", package="chromium")
    _need_libatomic()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(program), args=ARGUMENTS.split(" ")
        )
        yield browser
        browser.close()


def _need_libatomic() -> None:
    """The Node inside Playwright needs it; a Debian with nothing else installed has none."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        find("libatomic", "/usr/lib/*/libatomic.so.1", package="libatomic1")
