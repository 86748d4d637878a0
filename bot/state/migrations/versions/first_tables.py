"""Answers, look-ups and facts. A file of before Alembic has them already, and keeps them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = depends_on = None


def upgrade() -> None:
    """Make them where they are not."""
    there = op.get_bind().dialect.name == "sqlite"
    for name, value in (("answers", "answer"), ("lookups", "lookup")):
        op.create_table(
            name,
            sa.Column("id", sa.Text, primary_key=True),
            sa.Column("asker", sa.BigInteger, nullable=False),
            sa.Column("created", sa.Double, nullable=False),
            sa.Column(value, sa.Text, nullable=False),
            if_not_exists=there,
        )
        op.create_index(f"{name}_by_age", name, ["created"], if_not_exists=there)
    op.create_table(
        "facts",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        if_not_exists=there,
    )


def downgrade() -> None:
    """Take them away."""
    for name in ("answers", "lookups", "facts"):
        op.drop_table(name)
