"""Load over the webhook: 1,000 chats, 100 messages a second for a minute, on SQLite and on PostgreSQL with two processes.

Beside it an echo by python-telegram-bot's own application, under the same load in the same run: it keeps nothing and answers
with the same words it got.

    python -m benchmarks.telegram [SECONDS]
"""

from __future__ import annotations

import multiprocessing
import os
import random
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from bot.database import open_database
from tests.bot.postgres import postgres
from tests.bot.telegram.loopback import TOKEN, Telegram, serving
from tests.bot.telegram.process import bot_process
from tests.bot.telegram.test_kills import answers

CHATS = 1000
PER_SECOND = 100
SECRET = "a-secret"  # noqa: S105 - nobody else listens here

WHO = ("我妈", "我爸", "俺奶奶", "我姥爷", "我", "老伴", "我婆婆")
HARDSHIPS = ("低保户", "五保户", "低保边缘", "低收入", "啥困难户都不是", "不是低保")
ABILITIES = ("能自理", "半失能", "瘫在炕上", "残疾二级", "常年有病", "下不了地")
HOMES = ("一个人住", "跟儿子住", "就老两口", "住养老院", "孩子在外地", "职工退休", "没有养老保险")
ASIDES = ("坐公交要钱吗", "为什么没有高龄津贴", "要是九十了呢", "上哪办", "什么意思", "去医院体检要钱不")


@cache
def consultation(chat: int) -> tuple[str, ...]:
    """What is said in a chat: no two of a city's people are alike, and so hardly any two of these, nor do all begin at once."""
    dice = random.Random(chat)
    who, city = dice.choice(WHO), dice.choice(("鞍山", "本溪", "双鸭山"))
    about = [dice.choice(HARDSHIPS), dice.choice(ABILITIES), dice.choice(HOMES)]
    dice.shuffle(about)
    first, second = f"{who}{dice.randint(60, 101)}，{city}户口", f"{about[1]}，{about[2]}"
    lines, begun = (first, about[0], dice.choice(ASIDES), second, "都没有", "看结果"), dice.randrange(6)
    return (*lines[begun:], *lines[:begun])


class Load:
    """What was written when, by chat."""

    def __init__(self, telegram: Telegram, seconds: int) -> None:
        self._telegram, self._seconds = telegram, seconds
        self.written: dict[int, list[float]] = {}

    def run(self) -> None:
        """Writes, at an even pace: each chat goes on with its consultation, and begins anew after the last line."""
        begin = time.monotonic()
        for number in range(self._seconds * PER_SECOND):
            time.sleep(max(0.0, begin + number / PER_SECOND - time.monotonic()))
            chat = number % CHATS + 1
            turns = self.written.setdefault(chat, [])
            texts = consultation(chat)
            self._telegram.write(chat, texts[len(turns) % len(texts)])
            turns.append(time.monotonic())

    @property
    def count(self) -> int:
        return sum(map(len, self.written.values()))

    def latencies(self) -> list[float]:
        """Seconds from each message to its answer, in order."""
        return sorted(
            sent.at - written for chat, turns in self.written.items()
            for sent, written in zip(self._telegram.to(chat), turns, strict=False)
        )

    def disordered(self) -> int:
        """The chats whose answers are not those of the conversation, in order."""
        return sum(
            [one.text for one in self._telegram.to(chat)] != said_in(chat, len(turns))
            for chat, turns in self.written.items()
        )


def said_in(chat: int, count: int) -> list[str]:
    """What the conversation says to so many messages of a chat, which begins anew after the last line."""
    lines = consultation(chat)
    return answers((lines * (count // len(lines) + 1))[:count])


def measure(name: str, seconds: int, start: Callable[[Telegram, Path], Iterator[list[int]]], echo: bool = False) -> float:
    """Runs one kind of bot under the load and prints what it did; the p99 in seconds."""
    telegram = Telegram()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(serving(telegram, free_port()))
        processes = stack.enter_context(contextmanager(start)(telegram, folder))
        memory = Memory(processes)
        load = Load(telegram, seconds)
        load.run()
        until = time.monotonic() + 20
        while len(telegram.sent) < load.count and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(1)
        memory.stop()
    found = load.latencies()
    p50, p99 = found[len(found) // 2], found[len(found) * 99 // 100]
    lost, wrong = load.count - len(telegram.sent), 0 if echo else load.disordered()
    print(
        f"{name:28} {load.count} in, {len(telegram.sent)} out, {lost} lost, {wrong} chats wrong; p50 {p50 * 1000:.0f} ms, "
        f"p99 {p99 * 1000:.0f} ms, max {found[-1] * 1000:.0f} ms; memory {memory}", flush=True,
    )
    return p99


class Memory:
    """The resident memory of processes, watched once a second."""

    def __init__(self, processes: list[int]) -> None:
        self._processes = processes
        self._seen: list[list[int]] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> None:
        """Looks no more."""
        self._stopping.set()
        self._thread.join()

    def __str__(self) -> str:
        at = (len(self._seen) // 6, len(self._seen) // 2, len(self._seen) - 1)
        return " → ".join("+".join(f"{one}" for one in self._seen[i]) for i in at) + " MiB"

    def _watch(self) -> None:
        while not self._stopping.wait(1):
            self._seen.append([_resident(process) for process in self._processes])


def _resident(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def hooked(port: int) -> dict[str, str]:
    return {
        "YANGLAO_TELEGRAM__WEBHOOK": f"http://127.0.0.1:{port}/telegram", "YANGLAO_TELEGRAM__PORT": str(port),
        "YANGLAO_TELEGRAM__SECRET": SECRET, "YANGLAO_TELEGRAM__MESSAGES_PER_SECOND": "1000",
    }


def on_sqlite(telegram: Telegram, folder: Path) -> Iterator[list[int]]:
    """One process on SQLite."""
    with bot_process(telegram, folder / "one", **hooked(free_port())) as bot:
        assert bot.process
        yield [bot.process.pid]


def on_postgresql(telegram: Telegram, folder: Path) -> Iterator[list[int]]:
    """Two processes on PostgreSQL."""
    ports = [free_port(), free_port()]
    telegram.doors = [f"http://127.0.0.1:{port}/telegram" for port in ports]
    with ExitStack() as stack:
        address = stack.enter_context(postgres(free_port())).address
        open_database(address).dispose()  # the tables are there: who makes them holds what makes tables in memory
        bots = [
            stack.enter_context(bot_process(telegram, folder / str(port), **hooked(port), YANGLAO_DATABASE=address))
            for port in ports
        ]
        yield [bot.process.pid for bot in bots if bot.process]


def echoing(telegram: Telegram, _folder: Path) -> Iterator[list[int]]:
    """python-telegram-bot's own application, in a process of its own."""
    port = free_port()
    telegram.webhook = f"http://127.0.0.1:{port}/telegram", ""
    process = multiprocessing.get_context("spawn").Process(target=echo, args=(telegram.address, port))
    process.start()
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    try:
        yield [int(str(process.pid))]
    finally:
        process.terminate()
        process.join()


def echo(address: str, port: int) -> None:
    """Answers every message with its own words."""
    import asyncio

    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    async def answer(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        await update.message.reply_text(update.message.text or "?")

    async def run() -> None:
        builder = Application.builder().token(TOKEN).base_url(f"{address}/bot").updater(None).concurrent_updates(256)
        application = builder.build()
        application.add_handler(MessageHandler(filters.ALL, answer))

        async def receive(request: Request) -> Response:
            await application.update_queue.put(Update.de_json(await request.json(), application.bot))
            return Response()

        app = Starlette(routes=[Route("/telegram", receive, methods=["POST"])])
        async with application:
            await application.start()
            await uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical")).serve()
            await application.stop()

    asyncio.run(run())


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    print(f"{CHATS} chats, {PER_SECOND} messages a second for {seconds} s, {os.cpu_count()} cores, the server on the same ones")
    peer = measure("python-telegram-bot, echo", seconds, echoing, echo=True)
    for name, start in (("yanglao, SQLite", on_sqlite), ("yanglao, PostgreSQL, two", on_postgresql)):
        p99 = measure(name, seconds, start)
        print(f"{'':28} p99 {p99 / peer:.2f} of the echo's")


if __name__ == "__main__":
    main()
