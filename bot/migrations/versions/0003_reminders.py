"""Reminders, and what may be sent only once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds them."""
    for name in ("once", "begun"):
        op.add_column("outbox", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "reminders",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("chat_id", sa.String(64), nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("reminders_by_chat", "reminders", ["chat_id"])
    op.create_index("reminders_by_day", "reminders", ["due"])
