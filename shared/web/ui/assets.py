"""The static files of the pages, under an address that changes with their content.

One hash over all of them stands in the path, so that the stylesheet names its fonts by relative
address and no build step has to rewrite it. A page from before an upgrade still gets its files:
another hash is answered too, but not kept. The files are few and small and stay in memory, so
that a path from outside never becomes a path on the disk.
"""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, make_response, render_template, request

from shared.web.ui import colors

bp = Blueprint("ui", __name__, url_prefix="/ui", template_folder="templates")

STATIC = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"

TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
}


def read(folder: Path) -> dict[str, bytes]:
    """Every file in it by its name from there, in order."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def digest(files: dict[str, bytes]) -> str:
    """Twelve hex digits over the names and contents of these files."""
    whole = hashlib.sha256()
    for name, content in files.items():
        whole.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return whole.hexdigest()[:12]


@cache
def _kept() -> tuple[str, dict[str, bytes]]:
    files = read(STATIC)
    return digest(files), files


def address(name: str) -> str:
    """Where a static file is served, such as `public.css`; ValueError for one that is not there."""
    version, files = _kept()
    if name not in files:
        raise ValueError(f"no such asset: {name}")
    return f"{request.script_root}/ui/{version}/{name}"


def home() -> str:
    """Where the first page of this service is.

    Written without url_for, which fails on the page that refuses an unknown host.
    """
    return f"{request.script_root}/"


@bp.get("/<hashed>/<path:name>")
def asset(hashed: str, name: str) -> Response:
    """A static file; kept for ever under the hash of today's files only."""
    version, files = _kept()
    kind = TYPES.get(Path(name).suffix)
    if kind is None or name not in files:
        abort(404)
    response = make_response(files[name])
    response.mimetype = kind
    response.headers["Cache-Control"] = FOR_EVER if hashed == version else "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@bp.get("/brand-<tokens>.css")
def brand(tokens: str) -> Response:
    """The four tokens of a campus."""
    return _generated(colors.stylesheet(_tokens(tokens)), "text/css")


@bp.get("/brand-<tokens>.svg")
def icon(tokens: str) -> Response:
    """The mark in the colors of a campus, for the tab of the browser."""
    return _generated(render_template("ui/icon.svg", colors=_tokens(tokens)), "image/svg+xml")


def _tokens(version: str) -> dict[str, str]:
    found = colors.read(version)
    if found is None:
        abort(404)
    return found


def _generated(text: str, kind: str) -> Response:
    response = make_response(text)
    response.mimetype = kind
    response.headers["Cache-Control"] = FOR_EVER
    return response
