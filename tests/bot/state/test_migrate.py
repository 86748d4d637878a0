"""Old databases become new ones, and keep what is in them."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.state import State, migrate
from bot.state.tables import METADATA
from corpus.errors import StorageError
from tests.bot.state.test_answers import KEPT

if TYPE_CHECKING:
    from tests.bot.state.conftest import Place

# What the program made before there were revisions, and an answer as it wrote it.
_BEFORE = """
CREATE TABLE answers (
    id TEXT PRIMARY KEY, asker INTEGER NOT NULL, created REAL NOT NULL, answer TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX answers_by_age ON answers (created);
CREATE TABLE lookups (
    id TEXT PRIMARY KEY, asker INTEGER NOT NULL, created REAL NOT NULL, lookup TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX lookups_by_age ON lookups (created);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_HALF = _BEFORE.split("CREATE TABLE lookups", maxsplit=1)[0]
_ROWS = """
INSERT INTO answers VALUES ('an-answer-of-old', 42, 1.5, '{"question": "Who?", "since": null,
    "until": "2020-06-01", "outcome": "answered", "confidence": 0.5, "undated_left_out": 1,
    "excerpts": [["letter", 3, 9, 1.25, [[3, 5]], "abc"]]}');
INSERT INTO lookups VALUES ('a-look-up-of-old', 43, 1.5, '{"speaker": "Mary", "about": null,
    "since": null, "until": null, "limit": 100}');
INSERT INTO facts VALUES ('discord.tree', 'digest');
"""


def test_the_revisions_make_what_the_program_expects(empty_place: Place) -> None:
    state = empty_place.open()
    with state._store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_newest_revision_is_the_one_that_is_looked_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate._FOLDER))
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [migrate.NEWEST]
    assert {one.revision for one in script.walk_revisions()} == set(migrate._KNOWN)


@pytest.mark.parametrize("statements", [_BEFORE, _HALF])
def test_a_file_of_before_revisions_keeps_its_rows(tmp_path: Path, statements: str) -> None:
    """Also one whose program died between two of its tables."""
    path = tmp_path / "state.sqlite"
    before = sqlite3.connect(path)
    before.executescript(statements)
    if statements == _BEFORE:
        before.executescript(_ROWS)
    before.close()
    state = State(path)
    if statements == _BEFORE:
        kept = state.answers.kept("an-answer-of-old")
        assert kept is not None
        assert (kept.asker, kept.private, kept.shared) == (42, False, False)
        assert kept.answer.excerpts[0].document_id == "letter"
        lookup = state.lookups.kept("a-look-up-of-old")
        assert lookup is not None
        assert (lookup[0], lookup[1].speaker) == (43, "Mary")
        assert state.facts.get("discord.tree") == "digest"
    answer_id = state.answers.keep(KEPT, days=30)
    assert state.answers.kept(answer_id) == KEPT
    state.close()


def test_a_database_that_is_up_to_date_is_left_alone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.open().facts.put("a", "b")
    monkeypatch.setattr(migrate, "_upgrade", None)
    assert place.open().facts.get("a") == "b"


def test_those_that_open_at_once_all_find_the_tables(empty_place: Place) -> None:
    with ThreadPoolExecutor(6) as pool:
        states = list(pool.map(lambda _: empty_place.open(), range(6)))
    for number, state in enumerate(states):
        state.facts.put(str(number), "here")
    assert all(states[0].facts.get(str(number)) == "here" for number in range(6))


def test_a_database_of_a_newer_program_is_refused(empty_place: Place) -> None:
    state = empty_place.open()
    with state._store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="written by a newer metquote; update this one"):
        empty_place.open()


def test_a_migration_that_fails_leaves_nothing_behind(
    empty_place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "50% of migrations"
    (folder / "versions").mkdir(parents=True)
    source = Path(migrate.__file__).parent / "migrations"
    for name in ("env.py", "versions/first_tables.py", "versions/community.py"):
        content = (source / name).read_text("utf-8")
        (folder / name).write_text(content.replace("checkfirst=False", "no_such_option=1"))
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "_FOLDER", folder)
        with pytest.raises(TypeError):
            empty_place.open()
    state = empty_place.open()
    assert state.answers.kept(state.answers.keep(KEPT, days=30)) == KEPT
