"""Post one page of a draft with some values."""

from flask.testing import FlaskClient

from tests.intake.browsing import Page, get, press


def posted(client: FlaskClient, path: str, **values: str) -> Page:
    """This page of a draft, posted with these values in their controls."""
    page = get(client, path)
    for name, value in values.items():
        page.form.named(name.replace("__", "."))[0].value = value
        for box in page.form.named(f"{name.split('__')[0]}.not_sure"):
            box.on = False
    return press(client, page)
