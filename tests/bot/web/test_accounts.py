"""Accounts and keys: how they are kept, how long they hold, and the commands that make them, on a real command line."""

from __future__ import annotations

import os
import pty
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from bot.accounts import KEY_PREFIX, LONGEST_PASSWORD, AccountError, Accounts, Key, Keys
from bot.cases import MOST_NAME, MOST_SAVED, CaseStore
from bot.database import open_database
from bot.tables import LOGINS
from tests.bot.postgres import postgres
from tests.bot.test_commands import run
from tests.bot.web.served import PASSWORD, site
from tests.needs import free_ports


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A new database."""
    opened = open_database(tmp_path)
    yield opened
    opened.dispose()


def kept(folder: Path) -> bytes:
    """Every byte that is kept."""
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


def test_neither_password_nor_token_nor_key_is_kept(engine: Engine, tmp_path: Path) -> None:
    accounts, keys = Accounts(engine), Keys(engine)
    accounts.add("王", PASSWORD)
    token, key = accounts.log_in("王", 1), keys.add("系统", 60)
    assert key.startswith(KEY_PREFIX)
    assert len(key) == len(KEY_PREFIX) + 43
    assert b"$argon2id$" in kept(tmp_path)
    for secret in (PASSWORD, token, key, key.removeprefix(KEY_PREFIX)):
        assert secret.encode() not in kept(tmp_path)
    assert accounts.who(token) == "王"
    assert keys.find(key) == Key("系统", 60)
    with closing(sqlite3.connect(tmp_path / "yanglao.db")) as database:
        [digest] = database.execute("SELECT digest FROM keys").fetchone()
        [login] = database.execute("SELECT token FROM logins").fetchone()
    assert keys.find(digest) is None  # what is kept opens nothing
    assert accounts.who(login) is None


def test_a_password_is_right_or_it_is_not(engine: Engine) -> None:
    accounts = Accounts(engine)
    accounts.add("王", PASSWORD)
    longest = "长" * LONGEST_PASSWORD
    accounts.add("李", longest)
    assert accounts.verified("王", PASSWORD)
    assert accounts.verified("李", longest)
    for name, password in (
        ("王", PASSWORD.upper()), ("王", PASSWORD + " "), ("王", ""), ("王 ", PASSWORD), ("李", longest + "长"),
        ("李", longest[:-1]),
        ("nobody", PASSWORD), ("", ""), ("王\x00", PASSWORD), ("王", "a" * 1_000_000),
    ):
        assert not accounts.verified(name, password)


@pytest.mark.parametrize("name", ["", " ", "\n", "a\nb", "a\x00", "\u200b", "\ud800", "a" * 65, "\x1b[31m", "\u202e"])
def test_a_name_that_will_not_do_is_refused(engine: Engine, name: str) -> None:
    with pytest.raises(AccountError):
        Accounts(engine).add(name, PASSWORD)
    with pytest.raises(AccountError):
        Keys(engine).add(name, 60)
    assert Accounts(engine).names() == Keys(engine).names() == []


@pytest.mark.parametrize("password", ["", "short", "a" * 9, "a" * (LONGEST_PASSWORD + 1), "\ud800" * 12, "a" * 12 + "\n"])
def test_a_password_that_will_not_do_is_refused(engine: Engine, password: str) -> None:
    with pytest.raises(AccountError):
        Accounts(engine).add("王", password)


def test_another_password_ends_what_was_begun_with_the_old_one(engine: Engine) -> None:
    accounts = Accounts(engine)
    accounts.add("王", PASSWORD)
    accounts.add("李", PASSWORD)
    token, others = accounts.log_in("王", 1), accounts.log_in("李", 1)
    accounts.add("王", "another password")
    assert accounts.names() == ["李", "王"] or accounts.names() == ["王", "李"]
    assert accounts.who(token) is None
    assert accounts.who(others) == "李"
    assert not accounts.verified("王", PASSWORD)
    assert accounts.verified("王", "another password")


def test_a_login_holds_so_long_and_no_longer(engine: Engine) -> None:
    accounts = Accounts(engine)
    accounts.add("王", PASSWORD)
    token, another = accounts.log_in("王", 12), accounts.log_in("王", 12)
    with engine.begin() as connection:
        past = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(update(LOGINS).values(until=past).where(LOGINS.c.token.in_([_digest(token)])))
    assert accounts.who(token) is None
    assert accounts.who(another) == "王"
    accounts.log_in("王", 1)
    with engine.connect() as connection:  # what has ended is not kept
        assert connection.exec_driver_sql("SELECT count(*) FROM logins").scalar_one() == 2


def _digest(token: str) -> str:
    from bot.accounts import digest

    return digest(token)


def test_who_is_removed_leaves_nothing(engine: Engine, tmp_path: Path) -> None:
    accounts, cases = Accounts(engine), CaseStore(engine)
    for name in ("王", "李"):
        accounts.add(name, PASSWORD)
        cases.save(name, f"zqcanary{name}qz", {"age": 87})
    token = accounts.log_in("王", 1)
    accounts.remove("王")
    assert accounts.who(token) is None
    assert cases.saved("王") == []
    assert [case.name for case in cases.saved("李")] == ["zqcanary李qz"]
    assert "zqcanary王qz".encode() not in kept(tmp_path)
    with pytest.raises(AccountError, match="王"):
        accounts.remove("王")


def test_keys_are_added_once_and_removed_at_once(engine: Engine) -> None:
    keys = Keys(engine)
    first = keys.add("系统", 60)
    with pytest.raises(AccountError, match="系统"):
        keys.add("系统", 60)
    for wrong in ("", first[:-1], first + "a", first.upper(), "\ud800"):
        assert keys.find(wrong) is None
    keys.remove("系统")
    assert keys.find(first) is None
    with pytest.raises(AccountError, match="系统"):
        keys.remove("系统")
    assert keys.add("系统", 60) != first


def test_cases_are_kept_by_name_and_the_oldest_gives_way(engine: Engine) -> None:
    cases = CaseStore(engine)
    cases.save("王", "一", {"age": 1})
    cases.save("王", " 一\n", {"age": 2})
    cases.save("王", "长" * 100, {"age": 3})
    assert [(case.name, case.facts) for case in cases.saved("王")] == [("长" * MOST_NAME, {"age": 3}), ("一", {"age": 2})]
    for number in range(MOST_SAVED):
        cases.save("王", str(number), {})
    assert len(cases.saved("王")) == MOST_SAVED
    assert "一" not in [case.name for case in cases.saved("王")]


def test_it_is_the_same_on_a_server() -> None:
    with postgres(free_ports(1)[0]) as cluster:
        engine = open_database(cluster.address)
        accounts, keys, cases = Accounts(engine), Keys(engine), CaseStore(engine)
        accounts.add("王", PASSWORD)
        token, key = accounts.log_in("王", 1), keys.add("系统", 60)
        cases.save("王", "a\x00b", {"age": 87})
        assert accounts.who(token) == "王"
        assert not accounts.verified("王\x00", PASSWORD)
        assert keys.find(key) == Key("系统", 60)
        assert [case.name for case in cases.saved("王")] == ["ab"]
        with pytest.raises(AccountError):
            keys.add("系统", 60)
        accounts.add("王", "another password")
        assert accounts.who(token) is None
        accounts.remove("王")
        assert cases.saved("王") == []
        engine.dispose()


# -- the commands


@pytest.fixture
def data(tmp_path: Path) -> list[str]:
    return ["--data", str(tmp_path / "data")]


def said(args: list[str], code: int = 0) -> str:
    """What a command says: on standard output where it did what it should, and else on standard error, in one sentence."""
    done = run(args)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    if code == 1:
        assert len(done.stderr.strip().splitlines()) == 1
        assert done.stdout == ""
    return (done.stderr if code else done.stdout).strip()


def test_accounts_on_the_command_line(data: list[str]) -> None:
    assert said([*data, "accounts", "list"]) == "还没有账号。"
    assert "可以用了" in said([*data, "accounts", "add", "王", "--password", PASSWORD])
    assert "可以用了" in said([*data, "accounts", "add", "王", "--password", "another password"])
    assert said([*data, "accounts", "list"]) == "王"
    assert "10" in said([*data, "accounts", "add", "李", "--password", "short"], 1)
    assert "名字" in said([*data, "accounts", "add", " ", "--password", PASSWORD], 1)
    assert "李" in said([*data, "accounts", "remove", "李"], 1)
    assert "删掉了" in said([*data, "accounts", "remove", "王"])
    assert said([*data, "accounts", "list"]) == "还没有账号。"
    said([*data, "accounts", "add"], 2)
    said([*data, "accounts", "nonsense"], 2)
    assert "/proc/nowhere" in said(["--data", "/proc/nowhere", "accounts", "list"], 1)


def test_keys_on_the_command_line(data: list[str]) -> None:
    assert said([*data, "keys", "list"]) == "还没有钥匙。"
    key = said([*data, "keys", "add", "一网通办", "--per-minute", "5"])
    assert re.fullmatch(f"{KEY_PREFIX}[A-Za-z0-9_-]{{43}}", key)
    assert said([*data, "keys", "list"]) == "一网通办"
    assert "已经有" in said([*data, "keys", "add", "一网通办"], 1)
    assert "名字" in said([*data, "keys", "add", "a\nb"], 1)
    said([*data, "keys", "add", "别的", "--per-minute", "0"], 2)
    assert "删掉了" in said([*data, "keys", "remove", "一网通办"])
    assert "没有" in said([*data, "keys", "remove", "一网通办"], 1)
    assert key.encode() not in kept(Path(data[1]))


def test_a_password_is_asked_for_twice_and_not_shown(data: list[str]) -> None:
    ours, its = pty.openpty()
    command = [sys.executable, "-m", "bot", *data, "accounts", "add", "王"]
    with subprocess.Popen(
        command, stdin=its, stdout=its, stderr=its, start_new_session=True, preexec_fn=_own_terminal,
    ) as process:
        os.close(its)
        shown = b""
        for prompt in ("密码", "再输一遍"):
            while prompt.encode() not in shown:
                shown += os.read(ours, 1000)
            os.write(ours, f"{PASSWORD}\n".encode())
        while "可以用了".encode() not in shown:
            shown += os.read(ours, 1000)
        assert process.wait(timeout=30) == 0
    os.close(ours)
    assert PASSWORD.encode() not in shown
    engine = open_database(Path(data[1]))
    assert Accounts(engine).verified("王", PASSWORD)
    engine.dispose()


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_what_is_made_on_the_command_line_counts_at_once(tmp_path: Path) -> None:
    with site(tmp_path / "data") as running:
        data = ["--data", str(tmp_path / "data")]
        said([*data, "accounts", "add", "王", "--password", PASSWORD])
        visitor = running.visitor()
        assert visitor.log_in("王", PASSWORD).status_code == 303
        running.keys["系统"] = said([*data, "keys", "add", "系统", "--per-minute", "2"])
        with running.system("系统") as system:
            statuses = [system.post("/api/check", json={"facts": {}}).status_code for _ in range(3)]
            assert statuses == [200, 200, 429]
            said([*data, "keys", "remove", "系统"])
            assert system.post("/api/check", json={"facts": {}}).status_code == 401
        said([*data, "accounts", "remove", "王"])
        assert visitor.open("/desk").headers["Location"] == "/login"


@pytest.mark.parametrize(("module", "args", "extra"), [
    ("argon2", ["accounts", "add", "王", "--password", PASSWORD], "yanglao[web]"),
    ("argon2", ["keys", "list"], "yanglao[web]"),
    ("jinja2", ["serve"], "yanglao[web]"),
    ("psycopg", ["accounts", "list"], "yanglao[postgres]"),
])
def test_what_is_not_installed_is_named(data: list[str], module: str, args: list[str], extra: str) -> None:
    without = f"import sys; sys.modules[{module!r}] = None; from bot.main import run; run()"
    server = {"YANGLAO_DATABASE": "postgresql://nobody@127.0.0.1/nothing"}
    environment = {**os.environ, **(server if module == "psycopg" else {})}
    command = [sys.executable, "-c", without, *data, *args]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert [extra in line and module in line for line in done.stderr.strip().splitlines()] == [True]


def test_a_port_that_is_taken_is_told(data: list[str], tmp_path: Path) -> None:
    with site(tmp_path / "first") as running:
        port = running.address.rpartition(":")[2]
        done = run([*data, "serve", "--port", port])
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert port in done.stderr.splitlines()[-1]
