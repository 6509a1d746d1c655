"""The stylesheet and the mark of a campus, generated from the four tokens that it sets.

The address of `brand.css` holds the colors themselves. Serving it needs no database, every process
gives the same response, and a browser can keep it for a year.
"""

import re
from collections.abc import Mapping

from shared.profile.schema.checks import contrast

WHITE, BLACK = "#ffffff", "#000000"

NEUTRAL = {"brand": "#0d4a5b", "on_brand": WHITE, "accent": "#eaa53a", "radius": "10px"}

_VERSION = re.compile(r"([0-9a-f]{6})-([0-9a-f]{6})-([0-9a-f]{6})-([0-9]{1,2})")


def on(brand: str) -> str:
    """The text color, white or black, with the higher contrast on this color (#rrggbb)."""
    white = contrast(brand, WHITE) >= contrast(brand, BLACK)
    return "#fff" if white else "#000"


def version(colors: Mapping[str, str]) -> str:
    """The colors of a profile in the form of an address: brand, on_brand, accent, radius."""
    on_brand = colors.get("on_brand") or {"#fff": WHITE, "#000": BLACK}[on(colors["brand"])]
    parts = (colors["brand"], on_brand, colors["accent"])
    radius = colors["radius"].removesuffix("px")
    return "-".join([*(part.removeprefix("#") for part in parts), radius])


def read(version: str) -> dict[str, str] | None:
    """The tokens from an address that `version` made; None for any other text."""
    match = _VERSION.fullmatch(version)
    if match is None:
        return None
    brand, on_brand, accent = (f"#{part}" for part in match.groups()[:3])
    return {"brand": brand, "on_brand": on_brand, "accent": accent, "radius": f"{match[4]}px"}


def stylesheet(tokens: Mapping[str, str]) -> str:
    """The content of brand.css; public.css derives everything else from it."""
    listed = "; ".join(f"--{name.replace('_', '-')}: {value}" for name, value in tokens.items())
    return f":root {{ {listed} }}\n"
