"""Load over HTTP: ``/api/check`` and ``/api/ask``, each on one core, beside a bare Starlette page in the same run.

Every request is another one: townspeople with some facts unknown, and the questions of the tests. Needs wrk.

    python -m benchmarks.web [SECONDS]
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.accounts import Keys
from bot.database import open_database
from tests.population import townsperson

SERVER_CORE, LOAD_CORE = 0, 1
CONNECTIONS = 4
UNKNOWN = 0.3
QUESTIONS = Path(__file__).parents[1] / "tests" / "cases" / "questions"

BARE = """
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

async def page(request):
    await request.body()
    return PlainTextResponse("ok")

app = Starlette(routes=[Route("/", page, methods=["POST"])])
"""

SCRIPT = """
local bodies, at = {}, 0
for line in io.lines("%s") do bodies[#bodies + 1] = line end
function request()
  at = at %% #bodies + 1
  return wrk.format("POST", nil, nil, bodies[at])
end
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer %s"
"""


def persons() -> Iterator[dict[str, Any]]:
    """Requests of ``/api/check``: no two people alike."""
    dice = random.Random(1)
    while True:
        person = townsperson(dice)
        kept = {name: value for name, value in person.items() if name == "hukou" or dice.random() > UNKNOWN}
        if "disability_grade" not in kept:
            kept.pop("disability_kind", None)
        if "hardship" not in kept:
            kept.pop("support_mode", None)
        yield {"facts": kept}


def questions() -> Iterator[dict[str, Any]]:
    """Requests of ``/api/ask``: what people asked, of a city or of all."""
    asked = [json.loads(line) for file in sorted(QUESTIONS.glob("*.jsonl")) for line in file.read_text().splitlines()]
    dice = random.Random(1)
    while True:
        one = dice.choice(asked)
        yield {"query": one["query"], "city": one.get("city")}


def measure(name: str, address: str, key: str, requests: Iterator[dict[str, Any]], seconds: int) -> None:
    """Calls for so many seconds, and prints how often it was answered, and how fast."""
    with tempfile.TemporaryDirectory() as folder:
        bodies, script = Path(folder, "bodies"), Path(folder, "script.lua")
        bodies.write_text("".join(json.dumps(next(requests)) + "\n" for _ in range(20_000)))
        script.write_text(SCRIPT % (bodies, key))
        load = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(script)]
        command = ["taskset", "-c", str(LOAD_CORE), *load]
        told = subprocess.run([*command, address], capture_output=True, text=True, check=True).stdout  # noqa: S603
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", told)
    p99 = re.search(r"^ +99% +(\S+)", told, re.MULTILINE)
    wrong = re.search(r"Non-2xx or 3xx responses: ([0-9]+)", told)
    assert rate
    assert p99
    print(f"{name:24} {float(rate[1]):8.0f} a second, p99 {p99[1]:>9}, {wrong[1] if wrong else 0} refused", flush=True)


@contextmanager
def served(command: list[str], port: int) -> Iterator[None]:
    """A server on its own core."""
    process = subprocess.Popen(["taskset", "-c", str(SERVER_CORE), *command], stderr=subprocess.DEVNULL)  # noqa: S603, S607
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not installed (Debian: apt install wrk)")
    print(f"{seconds} s each, {CONNECTIONS} connections, the server on one core, wrk on another, of {os.cpu_count()}")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "bare.py").write_text(BARE)
        bare, port = free_port(), free_port()
        uvicorn = [sys.executable, "-m", "uvicorn", "--app-dir", folder, "--log-level", "critical", "--port", str(bare)]
        uvicorn.append("bare:app")
        with served(uvicorn, bare):
            measure("a bare Starlette page", f"http://127.0.0.1:{bare}/", "", persons(), seconds)
        engine = open_database(Path(folder, "data"))
        key = Keys(engine).add("benchmark", 10**9)
        engine.dispose()
        with served([sys.executable, "-m", "bot", "--data", f"{folder}/data", "serve", "--port", str(port)], port):
            for path, requests in (("check", persons()), ("ask", questions())):
                measure(f"yanglao, /api/{path}", f"http://127.0.0.1:{port}/api/{path}", key, requests, seconds)


if __name__ == "__main__":
    main()
