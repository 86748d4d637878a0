"""Texts to vectors on ONNX Runtime, by a model small enough to reckon with."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ModelError
from index.encoder import ENCODER_FILES, OnnxEncoder
from tests.tiny_model import DIMENSION, write_files

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = ["armed police", "", "violence in London", "unknown words only", "police " * 200]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    write_files(folder)
    return folder


@pytest.fixture(scope="module")
def encoder(folder: Path) -> OnnxEncoder:
    return OnnxEncoder.open(folder, threads=1)


def test_rows_are_unit_float32_in_the_order_of_the_texts(encoder: OnnxEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (5, DIMENSION)
    assert vectors.dtype == np.float32
    known = [at for at, text in enumerate(TEXTS) if text]
    np.testing.assert_allclose(np.linalg.norm(vectors[known], axis=1), 1.0, atol=1e-5)
    for row, text in enumerate(TEXTS):
        np.testing.assert_allclose(vectors[row], encoder.encode_query(text), atol=1e-6)


def test_no_texts_are_no_rows(encoder: OnnxEncoder) -> None:
    assert encoder.encode([]).shape == (0, DIMENSION)


@given(st.permutations(range(40)))
def test_a_vector_does_not_depend_on_the_others_of_its_batch(
    encoder: OnnxEncoder, order: list[int]
) -> None:
    texts = [f"police {'armed ' * n}violence" for n in range(40)]
    alone = np.stack([encoder.encode_query(text) for text in texts])
    together = encoder.encode([texts[at] for at in order])
    np.testing.assert_allclose(together, alone[order], atol=1e-5)


def test_progress_counts_the_texts(encoder: OnnxEncoder) -> None:
    told: list[int] = []
    encoder.encode(["police"] * 37, progress=told.append)
    assert sum(told) == 37
    assert max(told) <= 16


def test_a_long_text_is_cut_at_the_models_limit(encoder: OnnxEncoder) -> None:
    cut = encoder.encode_query("police " * 64 + "violence " * 500)
    np.testing.assert_allclose(cut, encoder.encode_query("police"), atol=1e-5)


def test_it_knows_the_whole_words_of_its_vocabulary(encoder: OnnxEncoder) -> None:
    assert encoder.knows("police")
    assert not encoder.knows("polic")


def test_prompts_stand_before_questions_and_passages(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "prompted")
    path = tmp_path / "prompted" / "encoder.json"
    prompts = {"query_prompt": "armed ", "passage_prompt": "drugs "}
    path.write_text(json.dumps(json.loads(path.read_text()) | prompts))
    prompted, plain = OnnxEncoder.open(tmp_path / "prompted"), OnnxEncoder.open(folder)
    np.testing.assert_allclose(
        prompted.encode_query("police"), plain.encode_query("armed police"), atol=1e-6
    )
    np.testing.assert_allclose(
        prompted.encode(["police"]), plain.encode(["drugs police"]), atol=1e-6
    )


def test_many_threads_get_the_same_vectors(encoder: OnnxEncoder) -> None:
    alone = encoder.encode_query("armed police")
    with ThreadPoolExecutor(8) as pool:
        for vector in pool.map(encoder.encode_query, ["armed police"] * 64):
            np.testing.assert_array_equal(vector, alone)


@pytest.mark.parametrize("name", ENCODER_FILES)
@pytest.mark.parametrize("content", [None, b"", b"garbage", b"{}", b"\xff\xfe"], ids=str)
def test_a_missing_or_damaged_file_is_said(
    folder: Path, tmp_path: Path, name: str, content: bytes | None
) -> None:
    shutil.copytree(folder, tmp_path / "bad")
    path = tmp_path / "bad" / name
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=r"the encoder in .*bad cannot be loaded"):
        OnnxEncoder.open(tmp_path / "bad")
