"""Logs: one JSON object a line on standard error, of what the program does and never of what people say."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

QUIET = ("httpx", "httpcore", "telegram", "alembic", "uvicorn.access")
"""What libraries tell of each call holds the token, or what was said; of what fails we tell ourselves."""


class _Lines(logging.Formatter):
    """A record as one line of JSON; of a fault only its kind is told, since its words may hold what somebody said."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(), "part": record.name, "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            line["fault"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)


def log_lines() -> None:
    """Sets logging up for a process that serves."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
