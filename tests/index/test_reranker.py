"""index.reranker: answers before what sounds like them, alike in any company, files checked."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.errors import ModelError
from index.reranker import (
    LONGEST_PAIR,
    PACKAGED,
    PAIR_TOKENS,
    QUESTION_TOKENS,
    TOKEN_KINDS,
    Read,
    Reranker,
    pair,
)

if TYPE_CHECKING:
    from pathlib import Path

# One text of our own, sentence by sentence.
TEXT = (
    "The harbour at Port Wenlow was closed on Tuesday after a fishing boat ran aground.",
    "Eleven people were rescued from the water by the lifeboat crew.",
    "Two of them were taken to St Brannoc's Hospital with broken ribs.",
    "The boat, the Silver Petrel, had left the quay at half past four in the morning.",
    "Harbour master Olive Trask said that fog had hidden the marker buoys.",
    "“Nobody could have seen the rocks,” she told reporters.",
    "Divers will inspect the hull once the tide has turned.",
    "Repairs to the breakwater are expected to cost £340,000.",
    "A public meeting will be held in the town hall on 9 March.",
    "Residents may send their questions by post or to the council's website.",
    "The ferry to Gull Island is cancelled until further notice.",
    "Passengers who hold tickets can claim a refund at the booking office.",
)
QUESTIONS = (
    ("Why was the harbour closed?", 0),
    ("How many people were rescued?", 1),
    ("Which hospital were the injured taken to?", 2),
    ("What time did the boat leave the quay?", 3),
    ("who is the harbour master", 4),
    ("When will divers inspect the hull?", 6),
    ("how much will the repairs to the breakwater cost?", 7),
    ("Where is the public meeting being held?", 8),
    ("How can residents send questions?", 9),
    ("is the ferry to gull island running", 10),
    ("hi all, sorry if this was asked before but where can passengers claim a refund", 11),
)


@pytest.fixture(scope="module")
def reranker() -> Reranker:
    return Reranker.open()


def passages() -> list[tuple[str, str, str]]:
    padded = ("", *TEXT, "")
    return [(padded[at - 1], padded[at], padded[at + 1]) for at in range(1, len(TEXT) + 1)]


def test_planted_answers_come_first(reranker: Reranker) -> None:
    """Of twelve sentences the one that answers is first for all but one question of eleven."""
    found = [int(np.argmax(reranker.score(question, passages()))) for question, _ in QUESTIONS]
    missed = [q for (q, gold), row in zip(QUESTIONS, found, strict=True) if row != gold]
    assert len(missed) <= 1, missed


def test_what_is_not_said_scores_below_what_is(reranker: Reranker) -> None:
    """Logits compare across questions: the answered ones are above one about another subject."""
    strange = reranker.score("What is the boiling point of mercury?", passages()).max()
    for question, gold in QUESTIONS:
        assert reranker.score(question, passages())[gold] > strange, question


def test_a_score_does_not_depend_on_company(reranker: Reranker) -> None:
    """Alone, in a batch, in another order, from two threads at once: the same."""
    question = QUESTIONS[1][0]
    together = reranker.score(question, passages())
    assert together.shape == (len(TEXT),)
    assert together.dtype == np.float32
    alone = [reranker.score(question, [passage])[0] for passage in passages()]
    np.testing.assert_allclose(together, alone, atol=1e-2)
    turned = reranker.score(question, passages()[::-1])[::-1]
    np.testing.assert_allclose(together, turned, atol=1e-2)
    with ThreadPoolExecutor(4) as pool:
        for again in pool.map(lambda _: reranker.score(question, passages()), range(8)):
            np.testing.assert_allclose(together, again, atol=1e-2)


@pytest.mark.parametrize("text", ["", "?", "🚓" * 3, "word " * 3000, "\x00\n", "a" * 5000])
def test_any_text_has_a_score(reranker: Reranker, text: str) -> None:
    """Empty, endless and unprintable texts, on either side."""
    scores = reranker.score(text, [("", TEXT[0], ""), (text, text, text)])
    assert np.isfinite(scores).all()
    assert reranker.score(text, []).shape == (0,)


def test_pairs_keep_to_their_budget() -> None:
    """A sentence before its surroundings; a question's end before its beginning."""
    long, short = Read((7,) * 500, ("x",) * 500), Read((5, 6), ("x", ""))
    ids, kinds = pair(short, long, short, long)
    assert len(ids) == len(kinds) == PAIR_TOKENS
    assert ids[:5] == [101, 5, 6, 102, 7]
    assert ids[-1] == 102
    assert max(kinds) < TOKEN_KINDS
    question = Read(tuple(range(1, 100)), ("",) * 99)
    ids, _ = pair(question, long, long, long)
    assert len(ids) == LONGEST_PAIR
    assert ids[1 : QUESTION_TOKENS + 1] == list(range(100 - QUESTION_TOKENS, 100))


def test_kinds_say_what_is_shared_and_where() -> None:
    """The question's words are told apart by where they are found, the others' by whether."""
    question = Read((1, 2, 3), ("boat", "fog", "tide"))
    before, own, after = Read((4,), ("fog",)), Read((5, 6), ("boat", "")), Read((7,), ("rock",))
    _, kinds = pair(question, before, own, after)
    assert kinds == [0, 2, 3, 1, 0, 7, 5, 4, 6, 0]


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "provenance.json"])
def test_altered_and_missing_files_are_refused(tmp_path: Path, name: str) -> None:
    """Each file, by its hash, with the package to reinstall in the message."""
    folder = shutil.copytree(PACKAGED, tmp_path / "reranker")
    Reranker.open(folder)
    altered = bytearray((folder / name).read_bytes())
    altered[len(altered) // 2 :] = b"{"
    (folder / name).write_bytes(bytes(altered))
    with pytest.raises(ModelError, match="reinstall"):
        Reranker.open(folder)
    (folder / name).unlink()
    with pytest.raises(ModelError, match="reinstall"):
        Reranker.open(folder)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    """Right by its hash, and still not what it should be."""
    folder = shutil.copytree(PACKAGED, tmp_path / "reranker")
    (folder / "model.onnx").write_bytes(b"")
    provenance = json.loads((folder / "provenance.json").read_text("utf-8"))
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    provenance["files"]["model.onnx"] = empty
    (folder / "provenance.json").write_text(json.dumps(provenance), "utf-8")
    with pytest.raises(ModelError, match="cannot be loaded"):
        Reranker.open(folder)


def test_torch_is_never_imported() -> None:
    """Nor transformers: the query path stays light."""
    code = (
        "import sys; from index.reranker import Reranker; "
        "Reranker.open().score('who?', [('', 'She did.', '')]); "
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
