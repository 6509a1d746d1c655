"""Reads posted forms to the letter.

Werkzeug replaces bytes that are no UTF-8 and takes a form that it cannot parse for an empty one.
Here both are a Problem, as they are in JSON, and so is a part that comes as a file.
"""

import codecs
from io import BytesIO
from typing import IO, Any
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser, MultiPartParser
from werkzeug.http import parse_options_header

from shared.web.problems import Problem

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
CHARSETS = frozenset({"", "utf-8", "us-ascii", "ascii"})
PLAIN = frozenset({"", "7bit", "8bit", "binary"})
_CODEC = "overture-strict"  # UTF-8 that stays strict where Werkzeug asks to replace


def _strict(body: Any, _: str = "", /) -> tuple[str, int]:
    return codecs.utf_8_decode(body, "strict", True)


def _find(name: str) -> codecs.CodecInfo | None:
    is_ours = name == _CODEC.replace("-", "_")
    return codecs.CodecInfo(codecs.utf_8_encode, _strict, name=_CODEC) if is_ours else None


codecs.register(_find)


class _Parts(MultiPartParser):
    def get_part_charset(self, headers: Headers) -> str:
        """Raises ValueError for a part in another encoding than plain UTF-8, or without a name."""
        if "name" not in parse_options_header(headers.get("Content-Disposition"))[1]:
            self.fail("a part whose name cannot be read")
        options = parse_options_header(headers.get("Content-Type"))[1]
        encoding = headers.get("Content-Transfer-Encoding", "").lower()
        if options.get("charset", "").lower() not in CHARSETS or encoding not in PLAIN:
            self.fail("a part in an encoding that we do not decode")
        return _CODEC


def _refuse_file(*_: Any, **__: Any) -> IO[bytes]:
    """No form takes files, and a text that comes as one would be dropped without a word."""
    raise Problem(400, "file_sent", "Our forms take no files. Please send the form from its page.")


class _Parser(FormDataParser):
    """Raises Problem 400 for a form that is cut off, malformed or no UTF-8."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        if mimetype not in (URLENCODED, MULTIPART):
            return super().parse(stream, mimetype, content_length, options)
        self.silent = False
        body = read_whole(stream)
        try:
            return super().parse(BytesIO(body), mimetype, content_length, options)
        except UnicodeError as error:
            raise Problem(400, "not_utf8", "This form holds bytes that are not UTF-8.") from error
        except ValueError as error:
            raise Problem(400, "not_a_form", "This form could not be read.") from error

    def _parse_multipart(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> Any:
        parser = _Parts(
            stream_factory=_refuse_file,
            max_form_memory_size=self.max_form_memory_size,
            max_form_parts=self.max_form_parts,
            cls=self.cls,
        )
        form, files = parser.parse(stream, options["boundary"].encode("ascii"), content_length)
        return stream, form, files

    def _parse_urlencoded(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> Any:
        if options.get("charset", "").lower() not in CHARSETS:
            raise ValueError("a form in an encoding that we do not decode")
        pairs = parse_qsl(stream.read().decode(), keep_blank_values=True, errors="strict")
        return stream, self.cls(pairs), self.cls()


class StrictRequest(Request):
    """A request whose `form` holds what was sent, or raises Problem."""

    form_data_parser_class = _Parser


def read_whole(stream: IO[bytes]) -> bytes:
    """The body to its end.

    Raises Problem 400 if it is cut off; each server raises its own exceptions for a bad chunk.
    """
    try:
        return stream.read()
    except HTTPException:
        raise
    except Exception as error:
        raise Problem(400, "cut_off", "The body could not be read to the end.") from error
