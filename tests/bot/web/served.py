"""The web on loopback, as a process of its own or in this one, and what visits it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx

from bot.accounts import Accounts, Keys
from bot.conversation import Conversation
from bot.gaps import GapKeeper
from bot.operations import operations
from bot.outbox import Outbox
from bot.sessions import SessionStore
from bot.settings import WebSettings
from bot.threads import Threads
from bot.web.app import application
from eligibility.rulebook import rule_book
from tests.bot.telegram.serving import served, until
from tests.needs import free_ports

PASSWORD = "正确的密码-correct-horse"

PROOF = re.compile('name="proof" value="([0-9a-f]{64})"')


@dataclass
class Site:
    """A running web.

    Attributes:
        address: where it listens.
        store: its database, for what is done on the server.
        log: where it logs, as far as it is a process.
        per_minute: so often the keys made here may call.
    """

    address: str
    store: SessionStore
    log: Path | None = None
    per_minute: int = 1_000_000
    keys: dict[str, str] = field(default_factory=dict)
    clients: list[httpx.Client] = field(default_factory=list)

    def operator(self, name: str) -> Visitor:
        """Somebody who is logged in."""
        Accounts(self.store.engine).add(name, PASSWORD)
        visitor = self.visitor()
        assert visitor.log_in(name, PASSWORD).status_code == 303
        return visitor

    def visitor(self, **headers: str) -> Visitor:
        """Somebody who has just come."""
        visitor = Visitor(self.address, **headers)
        self.clients.append(visitor.http)
        return visitor

    def close(self) -> None:
        """Everybody leaves."""
        for client in self.clients:
            client.close()

    def system(self, name: str = "a system", per_minute: int | None = None) -> httpx.Client:
        """A system with a key."""
        if name not in self.keys:
            self.keys[name] = Keys(self.store.engine).add(name, per_minute or self.per_minute)
        client = httpx.Client(base_url=self.address, headers={"Authorization": f"Bearer {self.keys[name]}"}, timeout=60)
        self.clients.append(client)
        return client

    def logged(self) -> str:
        """What was logged until now."""
        assert self.log
        return self.log.read_text(encoding="utf-8")

    def said(self, sent: bytes, end: bool = True) -> bytes:
        """The answer to bytes that no client of ours would send, until the other side hangs up.

        Args:
            sent: the bytes.
            end: nothing more is sent, and the other side knows.
        """
        host, _, port = self.address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(sent)
            if end:
                connection.shutdown(socket.SHUT_WR)
            answer = b""
            while part := connection.recv(65536):
                answer += part
            return answer


class Visitor:
    """A browser, as far as forms go: it keeps cookies, and sends the proof of the page that it has last seen."""

    def __init__(self, address: str, **headers: str) -> None:
        self.http = httpx.Client(base_url=address, headers=headers, timeout=60)
        self.cookies: dict[str, str] = {}
        self.proof = ""

    def open(self, path: str) -> httpx.Response:
        """Opens a page."""
        return self._seen(self.http.get(path, headers=self.shown))

    def send(self, path: str, fields: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> httpx.Response:
        """Sends a form of the page it has last seen."""
        sent = {"proof": self.proof, **(fields or {})}
        return self._seen(self.http.post(path, data=sent, headers={**self.shown, **(headers or {})}))

    @property
    def shown(self) -> dict[str, str]:
        """The header that shows the cookies: also those for encrypted ways only, for which browsers take loopback."""
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    def log_in(self, name: str, password: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """Logs in; then the look-up is open."""
        self.open("/login")
        answer = self.send("/login", {"name": name, "password": password}, headers)
        if answer.status_code == 303:
            self.open("/desk")
        return answer

    def _seen(self, answer: httpx.Response) -> httpx.Response:
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]
        found = PROOF.search(answer.text)
        self.proof = found[1] if found else self.proof
        return answer


@contextmanager
def site(folder: Path, **settings: str) -> Iterator[Site]:
    """The web as it is run, in a process of its own.

    Args:
        folder: where it keeps its state.
        settings: more environment variables.
    """
    [port] = free_ports(1)
    log = folder.with_name(f"{folder.name}.log")
    command = [sys.executable, "-m", "bot", "--data", str(folder), "serve", "--port", str(port)]
    with closing(SessionStore(folder)) as store, log.open("w") as written:
        process = subprocess.Popen(command, env={**os.environ, **settings}, stderr=written)
        try:
            until(lambda: answers(port) or process.poll() is not None, 60, lambda: log.read_text(encoding="utf-8"))
            with closing(Site(f"http://127.0.0.1:{port}", store, log)) as running:
                yield running
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


@contextmanager
def site_here(place: Path | str, **settings: Any) -> Iterator[Site]:
    """The web in this process, so that a test can change what it stands on."""
    [port] = free_ports(1)
    web = WebSettings.model_validate({"chat_per_minute": 100_000, **settings})
    with (
        closing(SessionStore(place)) as store, closing(GapKeeper(place)) as gaps,
        closing(Threads(store.engine.dialect.name)) as threads,
    ):
        more = operations(Outbox(store.engine), threads)
        app = application(rule_book(), Conversation(rule_book()), store, gaps, threads, web, more)
        with served(app, port) as address, closing(Site(address, store)) as running:
            yield running


def answers(port: int) -> bool:
    """Whether somebody answers at the port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Lines:
    """A command that answers line by line, as other programs run it."""

    def __init__(self, folder: Path, *command: str) -> None:
        arguments = [sys.executable, "-m", "bot", "--data", str(folder), *command, "--jsonl"]
        self._process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")

    def answer(self, request: object) -> Any:
        """The answer to a request."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=30)


@contextmanager
def lines(folder: Path, *command: str) -> Iterator[Lines]:
    """A running command."""
    with closing(Lines(folder, *command)) as running:
        yield running
