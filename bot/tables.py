"""The tables: all that is kept, in one place. What changes here needs a migration (``migrations``)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Index, Integer, MetaData, String, Table, Text, false

METADATA = MetaData()

_COUNTED = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database counts itself; SQLite counts only its own integers."""

SESSIONS = Table(
    "sessions", METADATA,
    Column("chat_id", String(64), primary_key=True),
    Column("state", Text, nullable=False),
    Column("channel", Text, nullable=False, server_default="{}"),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)
"""A row per conversation: its state, and what the channel keeps beside it, both as JSON."""

GAPS = Table(
    "gaps", METADATA,
    Column("id", Integer, primary_key=True),
    Column("day", Date, nullable=False),
    Column("city", String(64)),
    Column("topic", Text, nullable=False),
    Column("question", Text, nullable=False),
)
"""What the documents did not answer, made anonymous."""

UPDATES = Table(
    "updates", METADATA,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
)
"""Which deliveries have been dealt with: they may come more than once. They tell nothing of anybody."""

OUTBOX = Table(
    "outbox", METADATA,
    Column("id", _COUNTED, primary_key=True),
    Column("chat_id", String(64), nullable=False),
    Column("call", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("once", Boolean, nullable=False, server_default=false()),
    Column("begun", Boolean, nullable=False, server_default=false()),
    Index("outbox_by_chat", "chat_id", "id"),
    sqlite_autoincrement=True,  # no number is given twice: who sends knows letters by it
)
"""What is still to be sent, in order; a row is gone when it has been. What may be sent ``once`` only is not sent again when it
was ``begun`` by a process that died."""

REMINDERS = Table(
    "reminders", METADATA,
    Column("id", _COUNTED, primary_key=True),
    Column("chat_id", String(64), nullable=False),
    Column("due", Date, nullable=False),
    Column("text", Text, nullable=False),
    Index("reminders_by_chat", "chat_id"),
    Index("reminders_by_day", "due"),
)
"""What people asked to be reminded of; a row is gone when it lies in the outbox."""

ACCOUNTS = Table(
    "accounts", METADATA,
    Column("name", String(64), primary_key=True),
    Column("password", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
)
"""Who may use the desk: a name, and what a password is checked by."""

LOGINS = Table(
    "logins", METADATA,
    Column("token", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
    Index("logins_by_name", "name"),
)
"""Who is logged in: the digest of what a browser shows, and how long it holds."""

KEYS = Table(
    "keys", METADATA,
    Column("name", String(64), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("per_minute", Integer, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
)
"""The systems that may call the API: the digest of each one's key, and how often it may call."""

CASES = Table(
    "cases", METADATA,
    Column("id", _COUNTED, primary_key=True),
    Column("account", String(64), nullable=False),
    Column("name", String(64), nullable=False),
    Column("facts", Text, nullable=False),
    Column("saved_at", DateTime(timezone=True), nullable=False),
    Index("cases_by_account", "account"),
)
"""What an operator chose to save: a name, and facts as JSON."""
