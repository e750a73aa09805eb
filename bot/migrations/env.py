"""How alembic runs here: within the connection and the transaction of whoever opens the database."""

from __future__ import annotations

from alembic import context

from bot.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
