"""Administration: the commands that make accounts for the desk and keys for the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlalchemy import Engine

PER_MINUTE = 600


@click.group()
def accounts() -> None:
    """工作台的账号。"""


@accounts.command("add")
@click.argument("name")
@click.option("--password", prompt="密码（至少10个字符）", hide_input=True, confirmation_prompt="再输一遍", help="不写就来问")
@click.pass_context
def add_account(context: click.Context, name: str, password: str) -> None:
    """添一个账号；已经有的，就换密码。"""
    from bot.accounts import Accounts

    with _database(context) as engine:
        Accounts(engine).add(name, password)
    click.echo(f"账号“{name}”可以用了。")


@accounts.command("remove")
@click.argument("name")
@click.pass_context
def remove_account(context: click.Context, name: str) -> None:
    """删一个账号，连同它存的。"""
    from bot.accounts import Accounts

    with _database(context) as engine:
        Accounts(engine).remove(name)
    click.echo(f"账号“{name}”删掉了。")


@accounts.command("list")
@click.pass_context
def list_accounts(context: click.Context) -> None:
    """有哪些账号。"""
    from bot.accounts import Accounts

    with _database(context) as engine:
        click.echo("\n".join(Accounts(engine).names()) or "还没有账号。")


@click.group()
def keys() -> None:
    """调接口（API）的钥匙，一个系统一把。"""


@keys.command("add")
@click.argument("name")
@click.option("--per-minute", default=PER_MINUTE, show_default=True, type=click.IntRange(1), help="每分钟最多调几次")
@click.pass_context
def add_key(context: click.Context, name: str, per_minute: int) -> None:
    """添一把钥匙；只显示这一次。"""
    from bot.accounts import Keys

    with _database(context) as engine:
        click.echo(Keys(engine).add(name, per_minute))


@keys.command("remove")
@click.argument("name")
@click.pass_context
def remove_key(context: click.Context, name: str) -> None:
    """删一把钥匙，马上不能用了。"""
    from bot.accounts import Keys

    with _database(context) as engine:
        Keys(engine).remove(name)
    click.echo(f"钥匙“{name}”删掉了。")


@keys.command("list")
@click.pass_context
def list_keys(context: click.Context) -> None:
    """有哪些钥匙。"""
    from bot.accounts import Keys

    with _database(context) as engine:
        click.echo("\n".join(Keys(engine).names()) or "还没有钥匙。")


@contextmanager
def _database(context: click.Context) -> Iterator[Engine]:
    from bot.database import open_database
    from bot.settings import load_settings

    engine = open_database(load_settings(*context.obj).store)
    try:
        yield engine
    finally:
        engine.dispose()
