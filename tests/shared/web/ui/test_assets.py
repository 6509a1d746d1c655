"""Stylesheets, fonts and scripts: addresses that change with the content, none elsewhere."""

import hashlib
import re
import tomllib

import pytest
from flask.testing import FlaskClient

from shared.web.ui import assets
from tests.shared.web.ui import markup

VENDOR = assets.STATIC / "vendor"


def addresses(client: FlaskClient, page: str = "/gallery/staff") -> list[str]:
    """Everything that a page loads."""
    tree = markup.read(client.get(page).text)
    linked = [each.get("href") for each in tree.find("link")]
    return linked + [each.get("src") for each in tree.find("script")]


def test_every_asset_of_a_page_exists_and_may_be_cached_forever(client):
    links = addresses(client)
    assert len(links) == 5
    for address in links:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.mimetype in assets.TYPES.values()


def test_the_fonts_that_the_stylesheet_names_are_served_beside_it(client):
    sheet = next(each for each in addresses(client) if each.endswith("public.css"))
    named = re.findall(r"url\(([^)]+)\)", client.get(sheet).text)
    assert len(named) == 3
    for name in named:
        answer = client.get(sheet.removesuffix("public.css") + name)
        assert answer.status_code == 200 and answer.mimetype == "font/woff2"


def test_a_page_from_before_an_upgrade_gets_its_stylesheet_uncached(client):
    answer = client.get("/ui/000000000000/public.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get(
        "/ui/000000000000/public.css", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/ui/x/../assets.py",
        "/ui/x/..%2f..%2fassets.py",
        "/ui/x//etc/passwd",
        "/ui/x/vendor/VENDOR.toml",
        "/ui/x/vendor",
        "/ui/x/none.css",
        "/ui/x/%00.css",
        f"/ui/x/{'a' * 300}.css",
        "/ui/brand-0d4a5b.css",
        "/ui/brand-0d4a5b-ffffff-eaa53a-10;}.css",
        "/ui/brand-0D4A5B-ffffff-eaa53a-10.css",
        "/ui/brand-0d4a5b-ffffff-eaa53a-100.svg",
    ],
)
def test_nothing_else_is_served(client, path):
    assert client.get(path, follow_redirects=True).status_code == 404


def test_an_asset_that_is_not_there_fails_where_it_is_named():
    with pytest.raises(ValueError, match="no such asset"):
        assets.address("pubic.css")


def test_the_version_changes_with_any_content(tmp_path):
    for name in ("a.css", "b.css"):
        (tmp_path / name).write_text(name)
    first = assets.digest(assets.read(tmp_path))
    assert assets.digest(assets.read(tmp_path)) == first
    (tmp_path / "b.css").write_text("b.css ")
    assert assets.digest(assets.read(tmp_path)) != first


def test_the_vendored_files_are_those_that_were_fetched():
    listed = tomllib.loads((VENDOR / "VENDOR.toml").read_text())["vendored"]
    files = {file["file"]: file["sha512"] for each in listed for file in each["files"]}
    there = {file.name for file in VENDOR.iterdir()} - {"VENDOR.toml"}
    assert files.keys() == there
    for name, written in files.items():
        assert hashlib.sha512((VENDOR / name).read_bytes()).hexdigest() == written, name
    assert all({"name", "version", "license", "integrity"} <= each.keys() for each in listed)


def test_no_stylesheet_or_script_of_ours_asks_another_host():
    for file in assets.STATIC.glob("*.*"):
        assert not re.search(r"//[a-z]|@import|url\((?!vendor/)", file.read_text()), file.name


def test_the_only_script_of_a_page_is_our_own(client):
    for page in ("/gallery/form", "/gallery/staff"):
        scripts = [each for each in addresses(client, page) if each.endswith(".js")]
        assert [each.rpartition("/")[2] for each in scripts] == ["forms.js"]


def test_public_pages_load_no_staff_stylesheet_and_stay_light(client):
    links = addresses(client, "/gallery/form")
    assert not [each for each in links if "staff" in each]
    sheet = next(each for each in links if each.endswith("public.css"))
    assert len(client.get(sheet, headers={"Accept-Encoding": "gzip"}).data) < 5200
