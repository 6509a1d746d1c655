"""The cases on a page of the queue, in their order."""

from flask.testing import FlaskClient

from tests.review.office import visit


def references_on(client: FlaskClient, path: str = "/", **query: str) -> list[str]:
    """The references on one page of the queue, in order."""
    page = visit(client, path, **query)
    assert page.status == 200, page.text()
    return [link.split("/")[2] for link in page.links if link.startswith("/cases/")]
