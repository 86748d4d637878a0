"""Real exports: the ONNX model gives what sentence-transformers gives, or it is refused.

The only tests that import torch, which takes ten seconds: they stay in one module.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from corpus.errors import ModelError, StorageError
from index import model
from index.encoder import OnnxEncoder

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.document import Document

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] query : passage armed police patrols violence ##s".split()
SAMPLES = [
    "",
    "?",
    "🚔👮‍♀️ Полиция 警察",
    "A. B. C. 1,300 £5m — “quoted” …",
    "armed police patrols violence",
    "What did the Met say about knife crime in Tottenham last summer?",
    "\u202ereversed\u202c and\x00control",
    "x" * 3_000,
    "The quick brown fox jumps over the lazy dog. " * 60,
]


def ignored(_: str) -> None:
    """Announcements that nobody reads."""


def sentence_transformer(folder: Path) -> Any:
    with model.quiet():
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - slow

        return SentenceTransformer(str(folder), device="cpu")


def cosines(one: Any, other: Any) -> list[float]:
    return [float(value) for value in np.sum(np.asarray(one) * np.asarray(other), axis=1)]


@pytest.fixture(scope="module")
def small_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that sentence-transformers saved, with prompts; its weights are any."""
    folder = tmp_path_factory.mktemp("small-bert")
    with model.quiet(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torch  # noqa: PLC0415 - slow
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415
        from sentence_transformers.models import Pooling, Transformer  # noqa: PLC0415
        from transformers import BertConfig, BertModel, BertTokenizerFast  # noqa: PLC0415

        (folder / "vocab.txt").write_text("\n".join(WORDS), "utf-8")
        torch.manual_seed(0)
        config = BertConfig(
            vocab_size=len(WORDS),
            hidden_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=64,
        )
        BertModel(config).save_pretrained(folder / "bert")
        BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder / "bert")
        modules = [Transformer(str(folder / "bert"), max_seq_length=32), Pooling(32)]
        prompts = {"query": "query: ", "passage": "passage: "}
        SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(
            str(folder / "saved")
        )
    return folder / "saved"


def test_the_default_models_export_gives_what_sentence_transformers_gives(
    starter_data: Path, starter_documents: dict[str, Document]
) -> None:
    source = model.locate(model.DEFAULT_MODEL)
    texts = [*SAMPLES, *(d.text[500:1_500] for d in starter_documents.values())]
    expected = sentence_transformer(source).encode(
        texts, normalize_embeddings=True, show_progress_bar=False
    )
    encoder = OnnxEncoder.open(starter_data / "models" / model.fingerprint(source))
    assert encoder.dimension == 384
    assert min(cosines(expected, encoder.encode(texts))) >= 0.9999
    queries = np.stack([encoder.encode_query(text) for text in texts])
    assert min(cosines(expected, queries)) >= 0.9999
    assert encoder.knows("petrol")
    assert not encoder.knows("patrlos")


def test_any_model_in_a_folder_is_exported_with_its_prompts_and_limits(
    small_bert: Path, tmp_path: Path
) -> None:
    encoder = OnnxEncoder.open(model.exported(small_bert, tmp_path / "models", announce=ignored))
    assert encoder.dimension == 32
    asked = sentence_transformer(small_bert)
    passages = asked.encode(SAMPLES, prompt="passage: ", normalize_embeddings=True)
    queries = asked.encode_query(SAMPLES, normalize_embeddings=True)
    assert min(cosines(passages, encoder.encode(SAMPLES))) >= 0.9999
    own = np.stack([encoder.encode_query(text) for text in SAMPLES])
    assert min(cosines(queries, own)) >= 0.9999


def test_an_export_that_strays_is_refused(
    small_bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Strayed(OnnxEncoder):
        def encode(self, texts: Any, *, progress: Any = None) -> Any:
            return np.roll(super().encode(texts, progress=progress), 1, axis=1)

    monkeypatch.setattr(model, "OnnxEncoder", Strayed)
    with pytest.raises(ModelError, match=r"strays from it \(cosine .*at least 0.9999 is asked"):
        model.exported(small_bert, tmp_path / "models", announce=ignored)
    assert list((tmp_path / "models").iterdir()) == []


def test_vectors_that_are_no_numbers_are_refused(
    small_bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Lost(OnnxEncoder):
        def encode(self, texts: Any, *, progress: Any = None) -> Any:
            return super().encode(texts, progress=progress) * np.nan

    monkeypatch.setattr(model, "OnnxEncoder", Lost)
    with pytest.raises(ModelError, match=r"strays from it \(cosine nan"):
        model.exported(small_bert, tmp_path / "models", announce=ignored)


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (RuntimeError("unsupported operator"), ModelError, "saved cannot be exported to ONNX"),
        (OSError(28, "No space left on device"), StorageError, "No space left on device"),
    ],
)
def test_a_model_that_cannot_be_exported_is_said(
    small_bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    error: Exception, kind: type[Exception], message: str,
) -> None:  # fmt: skip
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("torch.onnx.export", fails)
    with pytest.raises(kind, match=message):
        model.exported(small_bert, tmp_path / "models", announce=ignored)


def test_a_folder_that_holds_no_model_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="empty is not a model that sentence-transformers can"):
        model.exported(tmp_path / "empty", tmp_path / "models", announce=ignored)
