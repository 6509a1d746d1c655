"""The log lines of gunicorn and of other libraries, as JSON lines like our own.

gunicorn's first process imports this, so it needs nothing but the standard library.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

from shared.log_lines import masking, standard_error

_service: list[str] = []


def name_service(name: str) -> None:
    """Put this name into every line of the process."""
    _service[:] = [name]


def service() -> str | None:
    """The service of this process, once it is known."""
    return _service[0] if _service else None


class JsonLines(logging.Handler):
    """Writes each record as one line, without tokens."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write it; never raises."""
        line = {
            "event": masking.hide(_text(record)),
            "module": record.name,
            "level": record.levelname.lower(),
            "process": record.process,
            "service": service(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        if record.exc_info and record.exc_info[1]:
            details = "".join(traceback.format_exception(record.exc_info[1]))
            line["exception"] = masking.hide(details)
        standard_error.writer.write(json.dumps(line))


def _text(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # arguments that do not fit
        return str(record.msg)


def install() -> None:
    """Take over what libraries log and warn, and what ends the process."""
    root = logging.getLogger()
    if not any(isinstance(handler, JsonLines) for handler in root.handlers):
        root.addHandler(JsonLines(logging.WARNING))
    logging.captureWarnings(True)
    sys.excepthook = _uncaught


def _uncaught(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, where)
    else:
        logging.getLogger("python").critical("the process ends", exc_info=error)
