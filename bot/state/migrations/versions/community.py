"""Views, posts and their corrections, follows and their deliveries, settings, questions, leases.

The tables stand here as this revision made them, whatever became of them later.
"""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)

revision = "0002"
down_revision = "0001"
branch_labels = depends_on = None

_METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _needed(name: str, kind: Any, **more: Any) -> Column[Any]:  # noqa: ANN401 - a column's type
    return Column(name, kind, nullable=False, **more)


def _claim() -> tuple[Column[Any], ...]:
    """Who works on a row, and until when nobody else may."""
    return Column("holder", Text), Column("held_until", Double)


def _work() -> tuple[Column[Any], ...]:
    """What is to be done, no earlier than ``due``, and how it went."""
    return (
        _needed("state", Text), _needed("due", Double), _needed("attempts", Integer),
        Column("reason", Text),
    )  # fmt: skip


Table(
    "views", _METADATA,
    Column("id", Text, primary_key=True), _needed("kind", Text), _needed("asker", BigInteger),
    _needed("created", Double, index=True), _needed("payload", Text),
)  # fmt: skip

Table(
    "posts", _METADATA,
    Column("id", Integer, primary_key=True), Column("guild", BigInteger),
    _needed("channel", BigInteger), _needed("message", BigInteger, unique=True),
    _needed("kind", Text), Column("view", Text), Column("person", BigInteger),
    _needed("created", Double), *_claim(),
    sqlite_autoincrement=True,
)  # fmt: skip

Table(
    "post_excerpts", _METADATA,
    Column("post", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    _needed("document_id", Text, index=True), _needed("text_sha256", Text),
    _needed("start", Integer), _needed("end", Integer),
)  # fmt: skip

Table(
    "changes", _METADATA,
    Column("line", Integer, primary_key=True, autoincrement=False),
    _needed("document_id", Text, index=True), _needed("action", Text), Column("text_sha256", Text),
)  # fmt: skip

Table(
    "corrections", _METADATA,
    Column("post", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("line", ForeignKey("changes.line"), primary_key=True),
    *_work(),
    Index(None, "state", "due"),
)  # fmt: skip

Table(
    "follows", _METADATA,
    Column("id", Integer, primary_key=True), _needed("guild", BigInteger, index=True),
    _needed("channel", BigInteger), _needed("topic", Text), _needed("topic_sha256", Text),
    _needed("kind", Text), _needed("mode", Text),
    _needed("created", Double), Column("next_digest", Double, index=True),
    UniqueConstraint("channel", "topic_sha256", "kind"),
    sqlite_autoincrement=True,
)  # fmt: skip

Table(
    "outbox", _METADATA,
    Column("id", Integer, primary_key=True), _needed("key", Text, unique=True),
    _needed("kind", Text), Column("guild", BigInteger), _needed("channel", BigInteger),
    _needed("payload", Text), Column("person", BigInteger),
    Column("follow", ForeignKey("follows.id", ondelete="CASCADE"), index=True),
    _needed("nonce", Text), _needed("created", Double), *_claim(), *_work(),
    Column("tried", Double), Column("sent", Double), Column("message", BigInteger),
    Index(None, "state", "due"),
    sqlite_autoincrement=True,
)  # fmt: skip

Table(
    "deliveries", _METADATA,
    Column("id", Integer, primary_key=True),
    _needed("follow", ForeignKey("follows.id", ondelete="CASCADE")),
    _needed("document_id", Text), _needed("text_sha256", Text), _needed("spans", Text),
    _needed("line", Integer), _needed("planned", Boolean),
    Column("outbox", ForeignKey("outbox.id", ondelete="SET NULL"), index=True),
    UniqueConstraint("follow", "document_id", "text_sha256"),
    sqlite_autoincrement=True,
)  # fmt: skip

Table(
    "guild_settings", _METADATA,
    Column("guild", BigInteger, primary_key=True, autoincrement=False), _needed("settings", Text),
)  # fmt: skip

Table(
    "channel_settings", _METADATA,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("channel", BigInteger, primary_key=True, autoincrement=False),
    _needed("settings", Text),
)  # fmt: skip

Table(
    "unanswered", _METADATA,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("question_sha256", Text, primary_key=True),
    Column("outcome", Text, primary_key=True), Column("day", Date, primary_key=True),
    _needed("question", Text), _needed("count", Integer),
)  # fmt: skip

Table(
    "feedback", _METADATA,
    Column("id", Integer, primary_key=True), _needed("guild", BigInteger),
    _needed("question", Text), _needed("outcome", Text), _needed("reason", Text),
    _needed("day", Date, index=True),
    sqlite_autoincrement=True,
)  # fmt: skip

Table(
    "cursors", _METADATA, Column("name", Text, primary_key=True), _needed("line", Integer)
)  # fmt: skip

Table(
    "leases", _METADATA,
    Column("name", Text, primary_key=True), _needed("holder", Text), _needed("held_until", Double),
)  # fmt: skip


def upgrade() -> None:
    """Make them."""
    op.add_column("answers", _needed("private", Boolean, server_default=false()))
    op.add_column("answers", Column("sharer", BigInteger))
    op.add_column("answers", Column("shared", Double))
    _METADATA.create_all(op.get_bind(), checkfirst=False)


def downgrade() -> None:
    """Take them away."""
    _METADATA.drop_all(op.get_bind(), checkfirst=False)
    for name in ("shared", "sharer", "private"):
        op.drop_column("answers", name)
