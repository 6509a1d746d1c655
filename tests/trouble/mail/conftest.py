"""The fixture of notify's tests, here too."""

from tests.notify.conftest import make

__all__ = ["make"]
