"""Static files, at addresses that change with their content.

The path holds one hash over all files, so the stylesheet can use relative addresses for its fonts
and needs no build step. A page from before an upgrade still gets its files: another hash works too,
but browsers don't cache that response. The files are few and small and stay in memory, so a
requested path never becomes a path on the disk.
"""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, make_response, render_template, request

from shared.web.ui import colors

bp = Blueprint("ui", __name__, url_prefix="/ui", template_folder="templates")

STATIC = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"

TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
}


def read(folder: Path) -> dict[str, bytes]:
    """Every file in the folder by relative name, in order."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def digest(files: dict[str, bytes]) -> str:
    """Twelve hex digits over the names and contents of these files."""
    whole = hashlib.sha256()
    for name, content in files.items():
        whole.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return whole.hexdigest()[:12]


@cache
def _cached_files() -> tuple[str, dict[str, bytes]]:
    files = read(STATIC)
    return digest(files), files


def address(name: str) -> str:
    """The address of a static file such as `public.css`; ValueError if there is none."""
    version, files = _cached_files()
    if name not in files:
        raise ValueError(f"no such asset: {name}")
    return f"{request.script_root}/ui/{version}/{name}"


def home() -> str:
    """The address of the first page of this service.

    It does without url_for, which fails on the error page for an unknown host.
    """
    return f"{request.script_root}/"


@bp.get("/<hashed>/<path:name>")
def asset(hashed: str, name: str) -> Response:
    """A static file. Browsers may keep it forever if the hash is the current one."""
    version, files = _cached_files()
    kind = TYPES.get(Path(name).suffix)
    if kind is None or name not in files:
        abort(404)
    response = make_response(files[name])
    response.mimetype = kind
    response.headers["Cache-Control"] = FOREVER if hashed == version else "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@bp.get("/brand-<tokens>.css")
def brand(tokens: str) -> Response:
    """The four design tokens of a campus."""
    return _generated(colors.stylesheet(_tokens(tokens)), "text/css")


@bp.get("/brand-<tokens>.svg")
def icon(tokens: str) -> Response:
    """The mark in the colors of a campus, for the browser tab."""
    return _generated(render_template("ui/icon.svg", colors=_tokens(tokens)), "image/svg+xml")


def _tokens(version: str) -> dict[str, str]:
    tokens = colors.read(version)
    if tokens is None:
        abort(404)
    return tokens


def _generated(text: str, kind: str) -> Response:
    response = make_response(text)
    response.mimetype = kind
    response.headers["Cache-Control"] = FOREVER
    return response
