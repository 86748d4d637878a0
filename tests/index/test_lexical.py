"""Stems, searched by BM25."""

from __future__ import annotations

import contextlib
import math
import random
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.errors import SnapshotDamaged
from index.lexical import LexicalIndex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSAGES = [
    (("arm", "patrol"), ("london",)),
    (("arm", "offic", "london", "street"), ()),
    (("parti", "street"), ("arm", "patrol")),
    ((), ()),
]
# Lucene's BM25 as Tantivy has it, with lengths as they are (below 40 they are kept exactly).
K1, B = 1.2, 0.75


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    LexicalIndex.build(tmp_path / "lexical", PASSAGES)
    return LexicalIndex.open(tmp_path / "lexical")


def bm25(field: int, stem: str, row: int) -> float:
    texts = [passage[field] for passage in PASSAGES]
    holding = sum(stem in text for text in texts)
    rarity = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
    frequency = texts[row].count(stem)
    mean = sum(map(len, texts)) / len(texts)
    return rarity * frequency * (1 + K1) / (frequency + K1 * (1 - B + B * len(texts[row]) / mean))


def test_scores_are_bm25_of_a_passages_own_stems_and_half_that_of_those_around(
    index: LexicalIndex,
) -> None:
    expected = {row: bm25(0, "arm", row) + 0.5 * bm25(1, "arm", row) for row in (0, 1, 2)}
    assert index.search(["arm"], 10) == pytest.approx(expected, rel=1e-4)


def test_the_scores_of_several_stems_add_up(index: LexicalIndex) -> None:
    both, arm, patrol = (index.search(s, 10) for s in (["arm", "patrol"], ["arm"], ["patrol"]))
    assert both == pytest.approx({r: arm.get(r, 0) + patrol.get(r, 0) for r in both}, rel=1e-4)


def test_the_best_come_first_and_no_more_than_asked_for(index: LexicalIndex) -> None:
    found = index.search(["arm", "patrol"], 2)
    assert list(found) == [0, 1] or list(found) == [0, 2]
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_a_stem_asked_for_twice_counts_once(index: LexicalIndex) -> None:
    assert index.search(["arm", "arm"], 10) == index.search(["arm"], 10)


def test_only_allowed_rows_are_found_with_the_same_scores(index: LexicalIndex) -> None:
    everywhere = index.search(["arm"], 10)
    among = index.search(["arm"], 10, among=[2, 3])
    assert among == pytest.approx({2: everywhere[2]}, rel=1e-4)
    assert index.search(["arm"], 10, among=[]) == {}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Passages of words some of which are a hundred times as common as others."""
    rand = random.Random(3)

    def stems(count: int) -> tuple[str, ...]:
        return tuple(f"w{int(200 * rand.random() ** 3)}" for _ in range(count))

    folder = tmp_path_factory.mktemp("large") / "lexical"
    LexicalIndex.build(folder, [(stems(8), stems(12)) for _ in range(3_000)])
    return folder


@pytest.mark.parametrize("share", [0.002, 0.03, 0.5, 0.99])
def test_many_allowed_rows_are_found_as_few_are(large: Path, share: float) -> None:
    """One by one, or among the best of all: the scores are the same, and so are the rows."""
    rand = random.Random(round(1_000 * share))
    among = np.array([row for row in range(3_000) if rand.random() < share])
    one_by_one, of_the_best = (LexicalIndex.open(large, few) for few in (3_000, 0))
    for stems in (["w0"], ["w3", "w40", "w180"], ["w199"], ["w150", "w151"], ["nowher"]):
        found = of_the_best.search(stems, 40, among=among)
        expected = one_by_one.search(stems, 3_000, among=among)
        assert set(found) <= set(among.tolist())
        assert list(found.values()) == pytest.approx(list(expected.values())[:40], rel=1e-5)
        assert found == pytest.approx({row: expected[row] for row in found}, rel=1e-5)


@pytest.mark.parametrize("stems", [[], ["nowher"], ["arm OR patrol"], ['"arm"'], ["own:arm"], [""]])
def test_nothing_is_found_for_no_stem_or_one_that_stands_nowhere(
    index: LexicalIndex, stems: list[str]
) -> None:
    """Nor is a stem ever read as a query language."""
    assert index.search(stems, 10) == {}


def test_frequency_counts_passages_and_leaves_those_around_out(index: LexicalIndex) -> None:
    counted = {stem: index.frequency(stem) for stem in ("arm", "patrol", "street", "nowher")}
    assert counted == {"arm": 2, "patrol": 1, "street": 2, "nowher": 0}


def test_every_passage_counts_even_an_empty_one(index: LexicalIndex) -> None:
    assert len(index) == 4


def test_no_lock_is_left_in_a_built_index(tmp_path: Path) -> None:
    LexicalIndex.build(tmp_path / "lexical", PASSAGES)
    assert list((tmp_path / "lexical").glob("*.lock")) == []
    assert list((tmp_path / "lexical").glob(".*.lock")) == []


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    LexicalIndex.build(tmp_path / "lexical", [])
    index = LexicalIndex.open(tmp_path / "lexical")
    assert len(index) == 0
    assert index.search(["arm"], 5) == {}


def damaged(folder: Path) -> Iterator[str]:
    """The name of each file in turn, once emptied and once gone."""
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        path.write_bytes(b"")
        yield f"{path.name} emptied"
        path.unlink()
        yield f"{path.name} gone"
        path.write_bytes(content)


def test_an_index_with_an_empty_or_missing_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    """But for a file of positions and a list of files, of which no search reads anything."""
    LexicalIndex.build(tmp_path / "lexical", PASSAGES)
    opened = []
    for what in damaged(tmp_path / "lexical"):
        with contextlib.suppress(SnapshotDamaged):
            LexicalIndex.open(tmp_path / "lexical")
            opened.append(what)
    assert [what for what in opened if not what.endswith((".pos gone", ".managed.json gone"))] == []


def test_a_missing_folder_is_said_to_be_damaged(tmp_path: Path) -> None:
    with pytest.raises(SnapshotDamaged, match="cannot be read; run 'metquote index build'"):
        LexicalIndex.open(tmp_path / "none")


def test_a_folder_that_cannot_be_written_to_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    LexicalIndex.build(tmp_path / "lexical", PASSAGES)
    before = sorted(path.name for path in (tmp_path / "lexical").iterdir())
    monkeypatch.setattr("os.access", lambda *_: False)
    index = LexicalIndex.open(tmp_path / "lexical")
    assert list(index.search(["parti"], 5)) == [2]
    assert sorted(path.name for path in (tmp_path / "lexical").iterdir()) == before


def test_an_index_that_cannot_be_written_is_an_oserror(tmp_path: Path) -> None:
    def vanishing() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        shutil.rmtree(tmp_path / "lexical")
        yield from PASSAGES

    with pytest.raises(OSError, match="the lexical index cannot be written"):
        LexicalIndex.build(tmp_path / "lexical", vanishing())
    (tmp_path / "taken").mkdir()
    with pytest.raises(FileExistsError):
        LexicalIndex.build(tmp_path / "taken", PASSAGES)
