"""What a cross-encoder gives for windows, whatever it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.errors import ModelError
from index.reranker import RERANKER_FILES, Reranker
from tests.tiny_reranker import write_export

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def reranker(tmp_path: Path) -> Reranker:
    (tmp_path / "source").mkdir()
    return Reranker.open(
        write_export(tmp_path / "source", tmp_path / "models", {"lambeth": 2.0, "rain": -0.5})
    )


def test_each_window_has_its_number_in_their_order(reranker: Reranker) -> None:
    windows = ["Rain.", "In Lambeth, Lambeth alone", "", "Rain in Lambeth"]
    assert reranker.logits("Was Lambeth wet?", windows).tolist() == [-0.5, 4.0, 0.0, 1.5]
    assert [reranker.logits("x", [window])[0] for window in windows] == [-0.5, 4.0, 0.0, 1.5]
    assert reranker.logits("x", []).shape == (0,)


def test_what_is_too_long_loses_its_end(reranker: Reranker) -> None:
    (found,) = reranker.logits("who?", ["rain " * 150 + "lambeth " * 300])
    assert -0.5 * 150 < found < 2.0 * 300 / 3


@pytest.mark.parametrize("name", RERANKER_FILES)
def test_a_missing_or_damaged_file_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match="the cross-encoder in"):
        Reranker.open(tmp_path)
    (tmp_path / name).write_bytes(b"{")
    with pytest.raises(ModelError, match="the cross-encoder in"):
        Reranker.open(tmp_path)
