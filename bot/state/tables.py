"""The tables as they are now; `migrations` brings every database there.

Times are Unix seconds, ids of Discord's are whole numbers, days are dates, and JSON is text.
Long texts are unique by their SHA-256: PostgreSQL indexes no more than 2,704 bytes of a value.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class PlainText(TypeDecorator[str]):
    """What people typed. NUL and half characters, which no database keeps, become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as it is kept."""
        del dialect
        if value is None:
            return None
        whole = value.replace("\0", "\ufffd").encode("utf-16-le", "surrogatepass")
        return whole.decode("utf-16-le", "replace")


def _needed(name: str, kind: Any, **more: Any) -> Column[Any]:  # noqa: ANN401 - a column's type
    return Column(name, kind, nullable=False, **more)


def _claim() -> tuple[Column[Any], ...]:
    """Who works on a row, and until when nobody else may."""
    return Column("holder", Text), Column("held_until", Double)


def _work() -> tuple[Column[Any], ...]:
    """What is to be done, no earlier than ``due``, and how it went."""
    return (
        _needed("state", Text), _needed("due", Double), _needed("attempts", Integer),
        Column("reason", PlainText),
    )  # fmt: skip


answers = Table(
    "answers", METADATA,
    Column("id", Text, primary_key=True), _needed("asker", BigInteger),
    _needed("created", Double), _needed("answer", Text),
    _needed("private", Boolean, server_default=false()),
    Column("sharer", BigInteger), Column("shared", Double),
    Index("answers_by_age", "created"),
)  # fmt: skip

lookups = Table(
    "lookups", METADATA,
    Column("id", Text, primary_key=True), _needed("asker", BigInteger),
    _needed("created", Double), _needed("lookup", Text),
    Index("lookups_by_age", "created"),
)  # fmt: skip

facts = Table("facts", METADATA, Column("name", Text, primary_key=True), _needed("value", Text))

views = Table(
    "views", METADATA,
    Column("id", Text, primary_key=True), _needed("kind", Text), _needed("asker", BigInteger),
    _needed("created", Double, index=True), _needed("payload", Text),
)  # fmt: skip

posts = Table(
    "posts", METADATA,
    Column("id", Integer, primary_key=True), Column("guild", BigInteger),
    _needed("channel", BigInteger), _needed("message", BigInteger, unique=True),
    _needed("kind", Text), Column("view", Text), Column("person", BigInteger),
    _needed("created", Double), *_claim(),
    sqlite_autoincrement=True,
)  # fmt: skip

post_excerpts = Table(
    "post_excerpts", METADATA,
    Column("post", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    _needed("document_id", Text, index=True), _needed("text_sha256", Text),
    _needed("start", Integer), _needed("end", Integer),
)  # fmt: skip

changes = Table(
    "changes", METADATA,
    Column("line", Integer, primary_key=True, autoincrement=False),
    _needed("document_id", Text, index=True), _needed("action", Text), Column("text_sha256", Text),
    _needed("restated", Boolean, server_default=false()),
)  # fmt: skip

corrections = Table(
    "corrections", METADATA,
    Column("post", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("line", ForeignKey("changes.line"), primary_key=True),
    *_work(),
    Index(None, "state", "due"),
)  # fmt: skip

follows = Table(
    "follows", METADATA,
    Column("id", Integer, primary_key=True), _needed("guild", BigInteger, index=True),
    _needed("channel", BigInteger), _needed("topic", PlainText), _needed("topic_sha256", Text),
    _needed("kind", Text), _needed("mode", Text),
    _needed("created", Double), Column("next_digest", Double, index=True),
    UniqueConstraint("channel", "topic_sha256", "kind"),
    sqlite_autoincrement=True,
)  # fmt: skip

outbox = Table(
    "outbox", METADATA,
    Column("id", Integer, primary_key=True), _needed("key", Text, unique=True),
    _needed("kind", Text), Column("guild", BigInteger), _needed("channel", BigInteger),
    _needed("payload", Text), Column("person", BigInteger),
    Column("follow", ForeignKey("follows.id", ondelete="CASCADE"), index=True),
    _needed("nonce", Text), _needed("created", Double), *_claim(), *_work(),
    Column("tried", Double), Column("sent", Double), Column("message", BigInteger),
    Index(None, "state", "due"),
    sqlite_autoincrement=True,
)  # fmt: skip

deliveries = Table(
    "deliveries", METADATA,
    Column("id", Integer, primary_key=True),
    _needed("follow", ForeignKey("follows.id", ondelete="CASCADE")),
    _needed("document_id", Text), _needed("text_sha256", Text), _needed("spans", Text),
    _needed("line", Integer), _needed("planned", Boolean),
    Column("outbox", ForeignKey("outbox.id", ondelete="SET NULL"), index=True),
    UniqueConstraint("follow", "document_id", "text_sha256"),
    sqlite_autoincrement=True,
)  # fmt: skip

guild_settings = Table(
    "guild_settings", METADATA,
    Column("guild", BigInteger, primary_key=True, autoincrement=False), _needed("settings", Text),
)  # fmt: skip

channel_settings = Table(
    "channel_settings", METADATA,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("channel", BigInteger, primary_key=True, autoincrement=False),
    _needed("settings", Text),
)  # fmt: skip

unanswered = Table(
    "unanswered", METADATA,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("question_sha256", Text, primary_key=True),
    Column("outcome", Text, primary_key=True), Column("day", Date, primary_key=True),
    _needed("question", PlainText), _needed("count", Integer),
)  # fmt: skip

feedback = Table(
    "feedback", METADATA,
    Column("id", Integer, primary_key=True), _needed("guild", BigInteger),
    _needed("question", PlainText), _needed("outcome", Text), _needed("reason", PlainText),
    _needed("day", Date, index=True),
    sqlite_autoincrement=True,
)  # fmt: skip

cursors = Table(
    "cursors", METADATA, Column("name", Text, primary_key=True), _needed("line", Integer)
)  # fmt: skip

leases = Table(
    "leases", METADATA,
    Column("name", Text, primary_key=True), _needed("holder", Text), _needed("held_until", Double),
)  # fmt: skip
