"""The webhook: Telegram calls us; with PostgreSQL several processes answer, and a database that is away loses nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import httpx
import pytest

from bot.telegram.calls import split
from tests.bot.postgres import Postgres, postgres
from tests.bot.telegram.loopback import Telegram
from tests.bot.telegram.process import BotProcess, bot_process
from tests.bot.telegram.test_kills import CONSULTATIONS, answers
from tests.needs import free_ports

SECRET = "a-secret"


def door(port: int) -> str:
    return f"http://127.0.0.1:{port}/telegram"


def hooked(port: int) -> dict[str, str]:
    """The settings of a bot that is called at a port."""
    return {
        "YANGLAO_TELEGRAM__WEBHOOK": door(port), "YANGLAO_TELEGRAM__PORT": str(port), "YANGLAO_TELEGRAM__SECRET": SECRET,
    }


@pytest.fixture
def ports() -> list[int]:
    return free_ports(3)


@pytest.fixture
def database(ports: list[int]) -> Iterator[Postgres]:
    with postgres(ports[2]) as cluster:
        yield cluster


def test_a_consultation_by_webhook(telegram: Telegram, tmp_path: Path, ports: list[int]) -> None:
    with bot_process(telegram, tmp_path, **hooked(ports[0])) as bot:
        telegram.write(5, "/start")
        telegram.press(telegram.answer(5, 1), "本溪市")
        telegram.write(5, "八十四")
        telegram.write(5, "看结果")
        assert "【钱】" in telegram.answer(5, 4).text
        assert telegram.calls["getUpdates"] == 0
        bot.stop()
        assert bot.process
        assert bot.process.returncode == 0


def test_one_process_serves_the_webhook_and_the_web(telegram: Telegram, tmp_path: Path, ports: list[int]) -> None:
    bot = BotProcess(telegram, tmp_path, hooked(ports[0]), ("serve", "--port", str(ports[0])))
    bot.start()
    try:
        telegram.wait(lambda: telegram.webhook)
        telegram.write(5, "八十四，本溪户口，低保")
        assert "每月100元" in telegram.answer(5, 1).text
        base = f"http://127.0.0.1:{ports[0]}"
        telegram.wait(lambda: httpx.get(f"{base}/healthz").json() == {"database": "ok", "outbox": 0})
        assert "yanglao_updates_total" in httpx.get(f"{base}/metrics").text
        assert "养老待遇查询" in httpx.get(base).text
        assert httpx.post(door(ports[0]), json={}).status_code == 403
        bot.stop()
        assert bot.process
        assert bot.process.returncode == 0
    finally:
        bot.kill()


def test_who_does_not_know_the_secret_is_refused(telegram: Telegram, tmp_path: Path, ports: list[int]) -> None:
    update = {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 9, "type": "private"}, "text": "你好"}}
    with bot_process(telegram, tmp_path, **hooked(ports[0])):
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}, {"X-Telegram-Bot-Api-Secret-Token": "é"}):
            raw = {name: value.encode() for name, value in headers.items()}
            assert httpx.post(door(ports[0]), json=update, headers=raw).status_code == 403  # type: ignore[arg-type]
        known = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        assert httpx.post(door(ports[0]), content=b"{", headers=known).status_code == 400
        assert httpx.post(door(ports[0]), content=b"[1]", headers=known).status_code == 400
        assert httpx.post(door(ports[0]), content=b" " * (1 << 20), headers=known).status_code == 413
        assert httpx.post(door(ports[0]), json=update, headers=known).status_code == 200
        telegram.answer(9, 1)
    assert len(telegram.sent) == 1


def test_health_and_metrics_tell_of_nobody(telegram: Telegram, tmp_path: Path, ports: list[int]) -> None:
    with bot_process(telegram, tmp_path, **hooked(ports[0])):
        telegram.write(76543, "83，鞍山户口")
        telegram.answer(76543, 1)
        base = f"http://127.0.0.1:{ports[0]}"
        telegram.wait(lambda: httpx.get(f"{base}/healthz").json() == {"database": "ok", "outbox": 0})
        metrics = httpx.get(f"{base}/metrics").text
        assert 'yanglao_updates_total{kind="text"} 1.0' in metrics
        assert 'yanglao_calls_total{method="send_message",outcome="sent"} 1.0' in metrics
        assert "76543" not in metrics


def test_two_processes_keep_the_order_of_a_chat(
    telegram: Telegram, tmp_path: Path, ports: list[int], database: Postgres,
) -> None:
    telegram.doors = [door(ports[0]), door(ports[1])]
    settings = {"YANGLAO_DATABASE": database.address}
    with (
        bot_process(telegram, tmp_path / "one", **hooked(ports[0]), **settings),
        bot_process(telegram, tmp_path / "two", **hooked(ports[1]), **settings),
    ):
        _everybody_writes(telegram, 30)
        _wait_for_all(telegram, 30)
    assert telegram.refusals == []
    assert len(telegram.sent) == sum(len(answers(CONSULTATIONS[chat % 3])) for chat in range(30))


def test_a_database_that_is_away_is_waited_for(
    telegram: Telegram, tmp_path: Path, ports: list[int], database: Postgres,
) -> None:
    with bot_process(telegram, tmp_path, **hooked(ports[0]), YANGLAO_DATABASE=database.address):
        telegram.write(100, "你好")
        telegram.answer(100, 1)
        database.stop()
        assert httpx.get(f"http://127.0.0.1:{ports[0]}/healthz").status_code == 503
        _everybody_writes(telegram, 6)
        for chat in range(6):
            assert "正忙" in telegram.answer(chat + 1, 1).text
        time.sleep(10)
        database.start()
        _wait_for_all(telegram, 6, kind_words=1)


def test_kills_with_two_processes_lose_no_answer(
    telegram: Telegram, tmp_path: Path, ports: list[int], database: Postgres,
) -> None:
    telegram.doors = [door(ports[0]), door(ports[1])]
    settings = {"YANGLAO_DATABASE": database.address}
    bots = [BotProcess(telegram, tmp_path / str(port), {**hooked(port), **settings}) for port in ports[:2]]
    try:
        for bot in bots:
            bot.start()
        _everybody_writes(telegram, 30)
        for turn in range(6):
            time.sleep(0.4)
            bots[turn % 2].kill()
            bots[turn % 2].start()
        _wait_for_all(telegram, 30)
    finally:
        for bot in bots:
            bot.kill()
    assert telegram.refusals == []


def _everybody_writes(telegram: Telegram, chats: int) -> None:
    for turn in range(max(map(len, CONSULTATIONS))):
        for chat in range(chats):
            texts = CONSULTATIONS[chat % len(CONSULTATIONS)]
            if turn < len(texts):
                telegram.write(chat + 1, texts[turn])


def _wait_for_all(telegram: Telegram, chats: int, kind_words: int = 0) -> None:
    """Waits until everybody has read just what the conversation says, in order, after so many kind words."""
    wanted = {chat + 1: answers(CONSULTATIONS[chat % len(CONSULTATIONS)]) for chat in range(chats)}

    def read(chat: int) -> list[str]:
        texts = [one.text for one in telegram.to(chat)][kind_words:]
        return [text for text, _ in groupby(texts)]

    telegram.wait(lambda: all(read(chat) == said for chat, said in wanted.items()), seconds=60)
    assert all(len(list(split(one.text))) == 1 for one in telegram.sent)
