"""How Alembic runs the revisions: in the transaction that the caller began."""

from __future__ import annotations

from alembic import context

from bot.state.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
context.run_migrations()
