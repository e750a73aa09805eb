"""The desk: accounts, who is logged in, keys of systems, saved cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds them."""
    counted, moment = sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.DateTime(timezone=True)
    op.create_table(
        "accounts",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("made_at", moment, nullable=False),
    )
    op.create_table(
        "logins",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("until", moment, nullable=False),
    )
    op.create_index("logins_by_name", "logins", ["name"])
    op.create_table(
        "keys",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("per_minute", sa.Integer, nullable=False),
        sa.Column("made_at", moment, nullable=False),
    )
    op.create_table(
        "cases",
        sa.Column("id", counted, primary_key=True),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("saved_at", moment, nullable=False),
    )
    op.create_index("cases_by_account", "cases", ["account"])
