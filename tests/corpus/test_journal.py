"""The journal: a chain that only grows, and what it tells of each document."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import JournalDamaged, StorageError
from corpus.journal import Action, Entry, Journal

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 30, 12, 0, 5, tzinfo=UTC)


def entry(name: str, action: Action = Action.ADDED, **more: str) -> Entry:
    return Entry(AT, "ann", action, name, **more)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    found = Journal(tmp_path / "journal.jsonl")
    found.append(entry("a", file="a.md"), entry("b", file="b.md", source="https://example.org/é"))
    found.append(entry("a", Action.RETRACTED, reason="wrong – “really”"))
    return found


def test_what_is_appended_is_read_back(journal: Journal) -> None:
    assert journal.entries() == (
        entry("a", file="a.md"),
        entry("b", file="b.md", source="https://example.org/é"),
        entry("a", Action.RETRACTED, reason="wrong – “really”"),
    )
    assert Journal(journal.path.with_name("none")).entries() == ()


def test_each_line_holds_the_hash_of_the_one_before(journal: Journal) -> None:
    lines = journal.path.read_bytes().splitlines()
    assert json.loads(lines[0])["previous"] == "0" * 64
    for before, line in itertools.pairwise(lines):
        assert json.loads(line)["previous"] == sha256(before).hexdigest()


def test_moments_are_kept_in_utc(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    summer = AT.astimezone(timezone(timedelta(hours=1)))
    journal.append(Entry(summer, "ann", Action.ADDED, "a"))
    assert b"2026-11-30T12:00:05+00:00" in journal.path.read_bytes()


@given(st.data())
def test_no_byte_can_be_changed_unseen(journal: Journal, data: st.DataObject) -> None:
    whole = journal.path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[at] ^= data.draw(st.integers(1, 255))
    journal.path.write_bytes(changed)
    try:
        read = journal.entries()
    except JournalDamaged:
        return
    finally:
        journal.path.write_bytes(whole)
    # In the newest line alone, which nothing follows yet, another value can stand.
    assert at > len(whole) - 300
    assert len(read) in (2, 3)


def test_no_line_can_be_taken_out_put_in_or_moved(journal: Journal) -> None:
    lines = journal.path.read_bytes().splitlines(keepends=True)
    for altered in (lines[1:], [lines[0], lines[2]], [lines[1], lines[0], lines[2]],
                    [lines[0], *lines]):  # fmt: skip
        journal.path.write_bytes(b"".join(altered))
        with pytest.raises(JournalDamaged, match="does not follow the line before it"):
            journal.entries()


@pytest.mark.parametrize(
    "line",
    [b"{}", b"[]", b"null", b"not JSON", b"\xff", b'{"previous": 3}', b"[" * 100_000,
     b'{"previous": "' + b"0" * 64 + b'", "at": "today", "by": "a", "action": "added", "id": "a"}',
     b'{"previous": "' + b"0" * 64 + b'", "at": "2026-11-30", "by": "a", "action": "sold", '
     b'"id": "a"}',
     b'{"previous": "' + b"0" * 64 + b'", "at": "2026-11-30", "by": "a", "action": "added", '
     b'"id": "a", "more": 1}'],
    ids=range(10),
)  # fmt: skip
def test_a_line_that_is_no_entry_is_told_by_its_number(tmp_path: Path, line: bytes) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.path.write_bytes(line + b"\n")
    with pytest.raises(JournalDamaged, match="line 1 "):
        journal.entries()


def test_a_line_that_was_cut_short_was_never_written(journal: Journal) -> None:
    whole = journal.path.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for end in range(last + 1, len(whole)):
        journal.path.write_bytes(whole[:end])
        assert len(journal.entries()) == 2
    journal.append(entry("c"))
    assert [one.id for one in journal.entries()] == ["a", "b", "c"]
    assert journal.path.read_bytes().startswith(whole[:last])


def test_nothing_is_appended_to_what_does_not_hold_together(journal: Journal) -> None:
    spoiled = journal.path.read_bytes().replace(b'"ann"', b'"bob"')
    journal.path.write_bytes(spoiled)
    with pytest.raises(JournalDamaged):
        journal.append(entry("c"))
    assert journal.path.read_bytes() == spoiled


def test_histories_follow_from_the_lines_alone(journal: Journal) -> None:
    journal.append(
        entry("b", Action.CORRECTED, file="b@2.md", reason="a name"),
        entry("b", Action.ERASED, reason="order"),
    )
    records = journal.records()
    assert [one.file for one in records["b"].versions] == ["b.md", "b@2.md"]
    assert records["b"].newest.reason == "a name"
    assert records["b"].erased is not None
    assert records["a"].withdrawn is not None
    assert records["a"].erased is None


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([entry("a"), entry("a")], "a was added twice"),
        ([entry("a", Action.CORRECTED)], "a was added never, and corrected all the same"),
        ([entry("a", Action.ERASED)], "a was added never, and erased"),
    ],
)
def test_a_history_that_cannot_be_is_told(tmp_path: Path, lines: list[Entry], problem: str) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.append(*lines)
    with pytest.raises(JournalDamaged, match=problem):
        journal.records()


def test_what_was_erased_can_be_added_again(journal: Journal) -> None:
    journal.append(entry("b", Action.ERASED), entry("b", file="new.md"))
    assert journal.records()["b"].erased is None


def test_a_journal_that_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").mkdir()
    journal = Journal(tmp_path / "journal.jsonl")
    with pytest.raises(StorageError, match=r"cannot be read \(Is a directory\)"):
        journal.entries()
    nowhere = Journal(tmp_path / "none" / "journal.jsonl")
    with pytest.raises(StorageError, match="cannot be written"):
        nowhere.append(entry("a"))


@pytest.mark.parametrize(
    "more",
    [
        {"file": "../../x.md"},
        {"file": "/etc/x.md"},
        {"file": ""},
        {"file": 5},
        {"id": "../x"},
        {"id": None},
        {"reason": ["a"]},
    ],
    ids=str,
)
def test_an_entry_that_names_another_place_or_is_no_text_is_refused(
    tmp_path: Path, more: dict[str, object]
) -> None:
    """As the journal of an archive of somebody else's may have it, its chain in order."""
    values = {
        "at": AT.isoformat(), "by": "ann", "action": "added", "id": "a", "previous": "0" * 64,
    }  # fmt: skip
    path = tmp_path / "journal.jsonl"
    path.write_text(json.dumps(values | more) + "\n", "ascii")
    with pytest.raises(JournalDamaged, match="line 1 is no entry"):
        Journal(path).entries()
