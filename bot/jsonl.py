"""JSON lines: one object in, one object out, in order and at once; a bad line is answered and the stream goes on."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Callable
from typing import Any

from eligibility.person import FactError

Handler = Callable[[dict[str, Any]], dict[str, Any]]

_log = logging.getLogger("yanglao")


class RequestError(Exception):
    """A line that is JSON but not what the command takes: ``message`` says what is wrong with it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def error(code: str, message: str, **more: object) -> dict[str, Any]:
    """The contract's error object."""
    return {"error": {"code": code, "message": message, **more}}


def field(request: dict[str, Any], name: str, kind: type | tuple[type, ...], default: Any = ...) -> Any:
    """A field of a request, checked; absent or null gives ``default``.

    Raises:
        RequestError: it is missing without a default, or of another type.
    """
    value = request.get(name)
    if value is None:
        if default is ...:
            raise RequestError(f"缺少“{name}”")
        return default
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        raise RequestError(f"“{name}”的类型不对")
    return value


def serve_lines(handler: Handler) -> None:
    """Answer standard input line by line on standard output until it ends."""
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        if line.strip():
            answer = json.dumps(answer_line(line, handler), ensure_ascii=False, separators=(", ", ": "), allow_nan=False)
            # A lone surrogate cannot be written as UTF-8; it came from an escape in the input.
            out.write(answer.encode("utf-8", "replace") + b"\n")
            out.flush()


def answer_line(line: bytes, handler: Handler) -> dict[str, Any]:
    """The answer to one line; every failure is an error object."""
    try:
        request = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return error("bad_json", "这一行不是 UTF-8 编码的 JSON")
    return answer(request, handler)


def answer(request: object, handler: Handler) -> dict[str, Any]:
    """The answer to a request, whichever way it came; every failure is an error object."""
    if not isinstance(request, dict):
        return error("bad_request", "要是一个 JSON 对象")
    try:
        return handler(request)
    except FactError as fault:
        return error("bad_fact", fault.message, fact=fault.fact)
    except RequestError as fault:
        return error("bad_request", fault.message)
    except Exception as fault:
        log_fault(fault)
        return error("fault", "程序出了毛病，没有算出来")


def log_fault(fault: Exception) -> None:
    """Log where a fault happened, without the message or the data, which may be personal."""
    frames = traceback.extract_tb(fault.__traceback__)
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-4:]))
    _log.error("%s at %s", type(fault).__name__, where)
