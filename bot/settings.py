"""Settings: a TOML file (see ``config.example.toml``), overridden by environment variables ``YANGLAO_…``."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """The settings cannot be used; the text is one sentence for the person who runs the program."""


def default_data_folder() -> Path:
    """Where state is kept unless said otherwise: the user's own data folder."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "yanglao"


def _secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch("[A-Za-z0-9_-]*", secret.get_secret_value()):
        raise ValueError("只能有字母、数字、-、_")
    return secret


class TelegramSettings(BaseModel):
    """The settings of the Telegram bot: explained in ``config.example.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: SecretStr | None = None
    api: str = "https://api.telegram.org"
    webhook: str | None = None
    secret: Annotated[SecretStr, Field(min_length=1, max_length=256), AfterValidator(_secret)] | None = None
    host: str = "127.0.0.1"
    port: int | None = Field(default=None, ge=1, le=65535)
    messages_per_second: float = Field(default=30, gt=0)
    advisers: frozenset[int] = frozenset()
    unused_days: int = Field(default=90, ge=1)
    remind_from: int = Field(default=8, ge=0, le=24)
    remind_until: int = Field(default=20, ge=0, le=24)


class WebSettings(BaseModel):
    """The settings of the desk, the chat page and the API: explained in ``config.example.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    https: bool = True
    proxies: tuple[str, ...] = ()
    hours: float = Field(default=12, gt=0)
    chat: bool = True
    chat_per_minute: int = Field(default=30, ge=1)
    unused_days: int = Field(default=90, ge=1)


class Settings(BaseSettings):
    """Every setting with its default."""

    model_config = SettingsConfigDict(env_prefix="YANGLAO_", env_nested_delimiter="__", extra="forbid", frozen=True)

    data: Path | None = None
    database: SecretStr | None = None
    telegram: TelegramSettings = TelegramSettings()
    web: WebSettings = WebSettings()

    @property
    def data_folder(self) -> Path:
        return self.data or default_data_folder()

    @property
    def store(self) -> Path | str:
        """Where the database lies: PostgreSQL where it is configured, and else the folder."""
        return self.database.get_secret_value() if self.database else self.data_folder


def load_settings(file: Path | None = None, data: Path | None = None) -> Settings:
    """The settings of ``file``; ``data`` from the command line wins over both file and environment.

    Raises:
        SettingsError: the file is missing, is not TOML, or holds a setting that does not exist.
    """
    values: dict[str, Any] = {}
    if file is not None:
        try:
            values = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as fault:
            raise SettingsError(f"读不了配置文件 {file}：{getattr(fault, 'strerror', None) or '不是 UTF-8'}") from None
        except tomllib.TOMLDecodeError as fault:
            raise SettingsError(f"配置文件 {file} 不是正确的 TOML：{fault}") from None
    if data is not None:
        values["data"] = data
    try:
        return Settings(**values)
    except ValidationError as fault:
        first = fault.errors()[0]
        name = ".".join(map(str, first["loc"]))
        reason = "没有这个设置" if first["type"] == "extra_forbidden" else first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"设置“{name}”不对：{reason}") from None
