"""The roster: a file is sent in, screened, and the results come back as one archive; nothing of it stays here."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.web.door import Door, Operator
from bot.web.guard import ROSTER, named
from bot.web.pages import page, problem, word

MOST_BYTES = 50 << 20
"""No roster that is sent in is longer; larger ones are screened on the command line."""

UPLOAD_SECONDS = 300.0
SCREEN_SECONDS = 600.0

KINDS = (".csv", ".parquet")


class _TooLongError(Exception):
    """More was sent than is taken."""


class RosterPage:
    """Screens what is sent in, one roster at a time, in a process of its own.

    Args:
        door: who may.
    """

    def __init__(self, door: Door) -> None:
        self._door = door
        self._one_at_a_time = asyncio.Lock()

    def routes(self) -> list[BaseRoute]:
        """What is served."""
        return [Route(ROSTER, named(ROSTER, self._endpoint), methods=["GET", "POST"])]

    async def _endpoint(self, request: Request) -> Response:
        operator = await self._door.operator(request)
        if operator is None:
            return self._door.shut()
        if request.method == "GET":
            return self._page(operator)
        try:
            async with asyncio.timeout(UPLOAD_SECONDS):
                form = await MultiPartParser(request.headers, _bounded(request), max_files=1, max_fields=4).parse()
        except _TooLongError:
            return self._page(operator, word("roster_too_long", most=MOST_BYTES >> 20), 413)
        except (MultiPartException, TimeoutError, ClientDisconnect, KeyError):
            return self._page(operator, word("roster_broken"), 400)
        if not operator.visit.proved(request, form):
            return problem(403, operator.name, operator.visit.proof)
        return await self._screened(operator, form)

    def _page(self, operator: Operator, told: str = "", status: int = 200) -> Response:
        ready = find_spec("ibis") is not None
        response = page("roster.html", told=told or ("" if ready else word("roster_missing")), ready=ready, **operator.shown)
        response.status_code = status
        if status == 413:
            response.headers["Connection"] = "close"  # or the rest would still be coming
        return response

    async def _screened(self, operator: Operator, form: FormData) -> Response:
        sent = form.get("roster")
        kind = Path(sent.filename or "").suffix.lower() if isinstance(sent, UploadFile) else ""
        if not isinstance(sent, UploadFile) or kind not in KINDS or find_spec("ibis") is None:
            return self._page(operator, word("roster_kind"), 400)
        async with self._one_at_a_time:
            with TemporaryDirectory() as scratch:
                folder = Path(scratch)
                roster = folder / f"roster{kind}"
                with roster.open("wb") as file:
                    while block := await sent.read(1 << 20):
                        file.write(block)
                status, told = await _run(folder, roster, kind)
                if status:
                    return self._page(operator, told, 400)
                archive = await asyncio.to_thread(_archive, folder, roster, told)
        name = {"Content-Disposition": "attachment; filename*=UTF-8''%E7%BB%93%E6%9E%9C.zip"}
        return Response(archive, headers=name, media_type="application/zip")


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    """What is sent; raises :class:`_TooLongError` where that is too much, once it has been heard to the end."""
    length = 0
    async for part in request.stream():
        length += len(part)
        if length <= MOST_BYTES:
            yield part
    if length > MOST_BYTES:
        raise _TooLongError


async def _run(folder: Path, roster: Path, kind: str) -> tuple[int, str]:
    """Screens in a process of its own, which leaves the others who ask alone; its status, and what it says."""
    command = [
        sys.executable, "-m", "bot", "screen", str(roster), "-o", str(folder / f"结果{kind}"), "--ahead", "12m",
        "--report", str(folder / "图.html"), "--excel",
    ]
    pipe, scratch = asyncio.subprocess.PIPE, folder / "scratch"
    scratch.mkdir()
    process = await asyncio.create_subprocess_exec(
        *command, stdout=pipe, stderr=pipe, stdin=asyncio.subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(scratch)},  # so that nothing stays where it is stopped
    )
    try:
        async with asyncio.timeout(SCREEN_SECONDS):
            told, fault = await process.communicate()
    except TimeoutError:
        return 1, word("roster_too_slow")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    lines = (fault if process.returncode else told).decode("utf-8", "replace").strip().splitlines()
    # Where the files lie here is nothing to whoever sent them.
    said = [line for line in lines if str(folder) not in line]
    return process.returncode or 0, "\n".join(said[-1:] if process.returncode else said)


def _archive(folder: Path, roster: Path, told: str) -> bytes:
    """What came of it, with what was said, in one file."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("摘要.txt", told)
        for file in sorted(folder.iterdir()):
            if file != roster and file.is_file():
                archive.write(file, file.name)
    return packed.getvalue()
