"""Debian's Chromium, driven by Playwright: it makes no requests to the internet."""

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
    """A headless browser, installed first if that is possible. Raises programs.Missing.

    Playwright allows only one at a time in a process.
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
    """Install libatomic, which Playwright's Node needs and a fresh Debian lacks."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        find("libatomic", "/usr/lib/*/libatomic.so.1", package="libatomic1")
