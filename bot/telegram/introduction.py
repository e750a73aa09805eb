"""The introduction: what Telegram is told when the bot starts: who it is, what its menu holds, and where updates go."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from functools import partial

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.settings import TelegramSettings
from bot.telegram.events import ALLOWED
from bot.telegram.limits import seconds
from bot.telegram.words import Command, word, words

RETRY_SECONDS = 1.0

_log = logging.getLogger("yanglao.telegram")


class StartError(Exception):
    """The bot cannot be started; the text says in one sentence why."""


async def introduced(bot: Bot) -> None:
    """Learns the bot's name; a Telegram that is away just now is waited for.

    Raises:
        StartError: the token is no bot's.
    """
    while True:
        try:
            return await bot.initialize()
        except InvalidToken:
            raise StartError("令牌不对：Telegram 不认，看看是不是少抄了一截，或者已经换过了") from None
        except TelegramError as fault:
            _log.warning("Telegram away: %s", type(fault).__name__)
            await asyncio.sleep(RETRY_SECONDS)


async def announced(bot: Bot, settings: TelegramSettings) -> None:
    """Sets the menu, what an empty chat says, and where updates go.

    Raises:
        StartError: Telegram does not take the webhook's address.
    """
    await _patiently(partial(_menus, bot, settings.advisers))
    with suppress(InvalidToken):  # a Bot API server of one's own may be too old to know these
        await _patiently(partial(bot.set_my_description, word("about")))
        await _patiently(partial(bot.set_my_short_description, word("about_short")))
    hook: Callable[[], Awaitable[object]] = bot.delete_webhook
    if settings.webhook:
        hook = partial(bot.set_webhook, settings.webhook, allowed_updates=ALLOWED, secret_token=secret(settings))
    try:
        await _patiently(hook)
    except (BadRequest, InvalidToken) as refused:
        raise StartError(f"Telegram 不收这个 webhook 地址：{refused.message}") from None


async def _patiently(call: Callable[[], Awaitable[object]]) -> None:
    """Makes a call until it is made.

    Raises:
        BadRequest: it was refused.
        InvalidToken: the server does not know it.
    """
    while True:
        try:
            await call()
        except (BadRequest, InvalidToken):
            raise
        except RetryAfter as full:
            await asyncio.sleep(seconds(full))
        except TelegramError as fault:
            _log.warning("Telegram away: %s", type(fault).__name__)
            await asyncio.sleep(RETRY_SECONDS)
        else:
            return


async def _menus(bot: Bot, advisers: Collection[int]) -> None:
    """Sets the menu of everybody, and the advisers' own; who has not yet spoken to the bot has it from the next start."""
    menu = _menu(words().commands)
    await bot.set_my_commands(menu, scope=BotCommandScopeAllPrivateChats())
    for adviser in advisers:
        with suppress(BadRequest):
            await bot.set_my_commands([*_menu(words().adviser_commands), *menu], scope=BotCommandScopeChat(adviser))


def _menu(commands: Mapping[str, Command]) -> list[BotCommand]:
    return [BotCommand(name, command.menu) for name, command in commands.items()]


def secret(settings: TelegramSettings) -> str:
    """What Telegram shows when it calls; made from the token where none is set, so that all processes know the same."""
    if settings.secret:
        return settings.secret.get_secret_value()
    token = settings.token.get_secret_value() if settings.token else ""
    return hashlib.sha256(f"webhook {token}".encode()).hexdigest()
