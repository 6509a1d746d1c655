"""The colors of a campus: text that can be read on them, nothing but colors in the sheet."""

from hypothesis import given
from hypothesis import strategies as st

from shared.profile.schema.checks import contrast
from shared.web.ui import colors
from tests import apps

COLOR = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
WRITTEN = {"#fff": "#ffffff", "#000": "#000000"}


@given(COLOR)
def test_the_text_on_any_brand_is_black_or_white_and_reaches_the_contrast(brand):
    assert contrast(brand, WRITTEN[colors.on(brand)]) >= 4.5


def test_text_is_white_on_dark_and_black_on_light():
    assert colors.on("#0d4a5b") == "#fff"
    assert colors.on("#eaa53a") == "#000"


@given(COLOR, COLOR, st.integers(0, 99))
def test_a_version_reads_back_as_the_colors_it_was_made_of(brand, accent, radius):
    tokens = {"brand": brand, "on_brand": "#ffffff", "accent": accent, "radius": f"{radius}px"}
    assert colors.read(colors.version(tokens)) == tokens


def test_a_profile_that_leaves_the_text_color_out_gets_the_better_one():
    tokens = {"brand": "#eaa53a", "accent": "#0d4a5b", "radius": "4px"}
    assert colors.read(colors.version(tokens))["on_brand"] == "#000000"


def test_the_page_carries_the_colors_of_the_profile(client):
    wanted = apps.EXAMPLE["colors"]
    version = colors.version(wanted)
    assert f"/ui/brand-{version}.css" in client.get("/gallery/form").text
    sheet = client.get(f"/ui/brand-{version}.css")
    assert sheet.mimetype == "text/css"
    for token, name in [("--brand", "brand"), ("--on-brand", "on_brand"), ("--accent", "accent")]:
        assert f"{token}: {wanted[name]}" in sheet.text
    assert f"--radius: {wanted['radius']}" in sheet.text


def test_the_mark_in_the_tab_has_them_too(client):
    icon = client.get("/ui/brand-123456-ffffff-abcdef-10.svg")
    assert icon.mimetype == "image/svg+xml"
    assert 'fill="#123456"' in icon.text and 'fill="#abcdef"' in icon.text
