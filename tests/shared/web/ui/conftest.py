"""Fixtures of the design layer: the gallery for a test client, and served for a browser."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests import apps
from tests.browser import gallery


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of intake with the gallery; nothing in it changes."""
    app = gallery.make(tmp_path_factory.mktemp("gallery"))
    yield app.test_client()
    apps.close(app)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the gallery."""
    with gallery.served(tmp_path_factory.mktemp("site")) as address:
        yield address
