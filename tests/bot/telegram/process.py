"""The bot as a process of its own, as it is run: to be stopped, and killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.bot.telegram.loopback import TOKEN
from tests.bot.telegram.serving import until


class NotStartedError(Exception):
    """It ended instead of starting; the text is what it said."""


class BotApi(Protocol):
    """A server that a bot talks to."""

    address: str


@dataclass
class BotProcess:
    """A bot that talks to a server; its settings may be added to.

    Attributes:
        telegram: the server.
        folder: where it keeps its state.
        settings: more environment variables.
        command: what is run.
    """

    telegram: BotApi
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ("telegram",)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, and waits until it is ready."""
        process = self.launch()
        until(lambda: '"ready"' in self.logged() or process.poll() is not None, why=self.logged)
        if process.poll() is not None:
            raise NotStartedError(self.logged())

    def launch(self) -> subprocess.Popen[bytes]:
        """Starts it, and does not wait."""
        environment = {
            **os.environ, "YANGLAO_TELEGRAM__TOKEN": TOKEN, "YANGLAO_TELEGRAM__API": self.telegram.address, **self.settings,
        }
        self._log = self.folder.with_name(f"{self.folder.name}.log")
        with self._log.open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", "--data", str(self.folder), *self.command], env=environment, stderr=log,
            )
        self.process = process
        return process

    def logged(self) -> str:
        """What it has logged since it was started."""
        return self._log.read_text()

    def kill(self) -> None:
        """Kills it without a warning."""
        self._end(signal.SIGKILL)

    def stop(self) -> str:
        """Asks it to stop; what it logged meanwhile."""
        return self._end(signal.SIGTERM)

    def _end(self, by: signal.Signals) -> str:
        assert self.process
        self.process.send_signal(by)
        self.process.wait(timeout=30)
        return self.logged()


@contextmanager
def bot_process(telegram: BotApi, folder: Path, **settings: str) -> Iterator[BotProcess]:
    """A running bot."""
    bot = BotProcess(telegram, folder, settings)
    bot.start()
    try:
        yield bot
    finally:
        if bot.process and bot.process.poll() is None:
            bot.kill()
