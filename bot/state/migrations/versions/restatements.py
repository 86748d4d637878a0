"""Corrections of what is stated alone are remembered until the index has them."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, false

revision = "0003"
down_revision = "0002"
branch_labels = depends_on = None


def upgrade() -> None:
    """Make the column."""
    column = Column("restated", Boolean, nullable=False, server_default=false())
    op.add_column("changes", column)


def downgrade() -> None:
    """Take it away."""
    op.drop_column("changes", "restated")
