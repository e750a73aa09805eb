"""Accounts: who may use the desk, who is logged in, and which systems may call the API."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.database import reading, wipe_log
from bot.tables import ACCOUNTS, CASES, KEYS, LOGINS

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200

MOST_NAME = 64

KEY_PREFIX = "yl_"

_HASHER = PasswordHasher()


class AccountError(Exception):
    """An account or a key cannot be made or found; the text says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a system: what it is called, and how many calls a minute it may make."""

    name: str
    per_minute: int


class Accounts:
    """The accounts of the desk.

    Args:
        engine: the database (:func:`bot.database.open_database`).
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._nobodys = _HASHER.hash(secrets.token_urlsafe())

    def add(self, name: str, password: str) -> None:
        """Makes an account, or gives one that is there another password; who is logged in with the old one is no more.

        Raises:
            AccountError: the name or the password will not do.
        """
        _check_name(name)
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise AccountError(f"密码要有{SHORTEST_PASSWORD}到{LONGEST_PASSWORD}个字符")
        if not password.isprintable():
            raise AccountError("密码里有打不出来的字符")
        row = {"password": _HASHER.hash(password), "made_at": datetime.now(UTC)}
        with self._engine.begin() as connection:
            connection.execute(delete(LOGINS).where(LOGINS.c.name == name))
            if not connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.name == name).values(row)).rowcount:
                connection.execute(insert(ACCOUNTS).values(name=name, **row))

    def remove(self, name: str) -> None:
        """Takes an account away, with all that it saved.

        Raises:
            AccountError: there is none.
        """
        with self._engine.begin() as connection:
            connection.execute(delete(LOGINS).where(LOGINS.c.name == name))
            connection.execute(delete(CASES).where(CASES.c.account == name))
            if not connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.name == name)).rowcount:
                raise AccountError(f"没有叫“{name}”的账号")
        wipe_log(self._engine)

    def names(self) -> list[str]:
        """What the accounts are called."""
        with reading(self._engine) as connection:
            return list(connection.execute(select(ACCOUNTS.c.name).order_by(ACCOUNTS.c.name)).scalars())

    def verified(self, name: str, password: str) -> bool:
        """Whether the password is that of the account; it takes as long where there is no such account."""
        kept = None
        if name.isprintable():  # PostgreSQL would not be asked for every character
            with reading(self._engine) as connection:
                kept = connection.execute(select(ACCOUNTS.c.password).where(ACCOUNTS.c.name == name)).scalar_one_or_none()
        try:
            _HASHER.verify(kept or self._nobodys, password[:LONGEST_PASSWORD])
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None and len(password) <= LONGEST_PASSWORD

    def log_in(self, name: str, hours: float) -> str:
        """A token that stands for the account for so many hours."""
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        with self._engine.begin() as connection:
            connection.execute(delete(LOGINS).where(LOGINS.c.until < now))
            connection.execute(insert(LOGINS).values(token=digest(token), name=name, until=now + timedelta(hours=hours)))
        return token

    def who(self, token: str) -> str | None:
        """The account that a token stands for; None where it stands for none any more."""
        query = select(LOGINS.c.name).where(LOGINS.c.token == digest(token), LOGINS.c.until > datetime.now(UTC))
        with reading(self._engine) as connection:
            return connection.execute(query).scalar_one_or_none()

    def log_out(self, token: str) -> None:
        """The token stands for nobody any more."""
        with self._engine.begin() as connection:
            connection.execute(delete(LOGINS).where(LOGINS.c.token == digest(token)))


_WHOSE = select(KEYS.c.name, KEYS.c.per_minute).where(KEYS.c.digest == bindparam("shown"))


class Keys:
    """The keys of systems that call the API.

    Args:
        engine: the database (:func:`bot.database.open_database`).
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, name: str, per_minute: int) -> str:
        """A new key; it is told only now, and kept as a digest.

        Raises:
            AccountError: the name will not do, or there is one of this name.
        """
        _check_name(name)
        key = KEY_PREFIX + secrets.token_urlsafe(32)
        row = {"name": name, "digest": digest(key), "per_minute": per_minute, "made_at": datetime.now(UTC)}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(KEYS).values(row))
        except IntegrityError:
            raise AccountError(f"已经有叫“{name}”的钥匙，要换先删掉") from None
        return key

    def remove(self, name: str) -> None:
        """Takes a key away.

        Raises:
            AccountError: there is none.
        """
        with self._engine.begin() as connection:
            if not connection.execute(delete(KEYS).where(KEYS.c.name == name)).rowcount:
                raise AccountError(f"没有叫“{name}”的钥匙")

    def names(self) -> list[str]:
        """What the keys are called."""
        with reading(self._engine) as connection:
            return list(connection.execute(select(KEYS.c.name).order_by(KEYS.c.name)).scalars())

    def find(self, key: str) -> Key | None:
        """Whose key it is; None where it is nobody's."""
        with reading(self._engine) as connection:
            row = connection.execute(_WHOSE, {"shown": digest(key)}).one_or_none()
        return Key(row.name, row.per_minute) if row else None


def digest(token: str) -> str:
    """What is kept of a token: enough to know it again, and nothing to show in its place."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > MOST_NAME or not name.isprintable():
        raise AccountError(f"名字要有1到{MOST_NAME}个字符，不能有换行")
