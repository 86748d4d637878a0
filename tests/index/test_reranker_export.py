"""A cross-encoder's export gives what the model gives, and what is none is refused."""

from __future__ import annotations

import json
import shutil
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from corpus.errors import ModelUnusable, StorageError
from index import model, reranker_export
from index.reranker import Reranker
from tests.index.test_model_export import WORDS, ignored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import TinyData

QUESTION = "armed police?"
WINDOWS = ["violence, patrols", "passage " * 100, "", "“Police” — armed police — patrols!"]


def write_bert(folder: Path, name: str = "BertForSequenceClassification", numbers: int = 1) -> Path:
    """A BERT of some kind with its tokenizer; its weights are any, and not too small."""
    with model.quiet(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torch  # noqa: PLC0415 - slow
        import transformers  # noqa: PLC0415 - slow

        torch.manual_seed(0)
        config = transformers.BertConfig(
            vocab_size=len(WORDS), hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
            intermediate_size=32, max_position_embeddings=64, num_labels=numbers,
            initializer_range=0.5,
        )  # fmt: skip
        getattr(transformers, name)(config).save_pretrained(folder)
        (folder / "vocab.txt").write_text("\n".join(WORDS), "utf-8")
        tokenizer = transformers.BertTokenizerFast(vocab_file=str(folder / "vocab.txt"))
        tokenizer.save_pretrained(folder)
    return folder


def exported(folder: Path, models: Path, tell: Callable[[str], None] = ignored) -> Path:
    return reranker_export.exported_reranker(folder, models, "my/model", announce=tell)


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bert(tmp_path_factory.mktemp("cross-encoder") / "model")


def test_the_export_gives_what_sentence_transformers_gives(
    cross_encoder: Path, tmp_path: Path
) -> None:
    with model.quiet():
        import torch  # noqa: PLC0415 - slow
        from sentence_transformers import CrossEncoder  # noqa: PLC0415 - slow

        asked = CrossEncoder(str(cross_encoder), device="cpu", max_length=64)
        expected = asked.predict(
            [(QUESTION, window) for window in WINDOWS], activation_fn=torch.nn.Identity()
        )
    got = Reranker.open(exported(cross_encoder, tmp_path)).logits(QUESTION, WINDOWS)
    assert np.ptp(expected) > 0.1
    assert got == pytest.approx(np.asarray(expected), abs=1e-4)


def test_a_model_in_half_precision_is_computed_in_whole(
    cross_encoder: Path, tmp_path: Path
) -> None:
    with model.quiet():
        from transformers import AutoModelForSequenceClassification  # noqa: PLC0415 - slow

        half = tmp_path / "half"
        shutil.copytree(cross_encoder, half)
        loaded = AutoModelForSequenceClassification.from_pretrained(str(cross_encoder))
        loaded.half().save_pretrained(half)
    whole, halved = (
        Reranker.open(exported(folder, tmp_path / "models")).logits(QUESTION, WINDOWS)
        for folder in (cross_encoder, half)
    )
    assert halved.dtype == np.float32
    assert halved == pytest.approx(whole, abs=0.05)


def test_it_is_made_once(cross_encoder: Path, tmp_path: Path) -> None:
    told: list[str] = []
    assert exported(cross_encoder, tmp_path, told.append) == exported(
        cross_encoder, tmp_path, told.append
    )
    assert told == ["exporting the cross-encoder to ONNX (once)"]
    assert [path.name[:9] for path in tmp_path.iterdir()] == ["reranker-"]


def test_an_index_is_built_with_it(tiny: TinyData, cross_encoder: Path) -> None:
    tiny.build(str(cross_encoder))
    opened = tiny.open()
    assert isinstance(opened.reader, Reranker)
    opened.close()


def refused(folder: Path, models: Path) -> str:
    with pytest.raises(ModelUnusable) as caught:
        exported(folder, models)
    assert caught.value.exit_status == 2
    assert list(models.iterdir()) == []
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith("; choose another encoder.reranker")
    return message


@pytest.mark.parametrize(
    ("kind", "numbers", "complaint"),
    [
        ("BertForSequenceClassification", 3, "the cross-encoder 'my/model' gives 3 numbers for"),
        ("BertForSequenceClassification", 2, "the cross-encoder 'my/model' gives 2 numbers for"),
        ("BertModel", 1, r"'my/model' is no cross-encoder (its kind is BertModel, one"),
        ("BertForTokenClassification", 1, "'my/model' is no cross-encoder (its kind is BertForTok"),
    ],
)
def test_a_model_of_another_kind_is_refused(
    tmp_path: Path, kind: str, numbers: int, complaint: str
) -> None:
    folder = write_bert(tmp_path / "other", kind, numbers)
    assert refused(folder, tmp_path / "models").startswith(complaint)


def test_weights_that_are_not_there_are_not_made_up(tmp_path: Path) -> None:
    folder = write_bert(tmp_path / "other", "BertModel")
    settings = json.loads((folder / "config.json").read_text("utf-8"))
    settings["architectures"] = ["BertForSequenceClassification"]
    (folder / "config.json").write_text(json.dumps(settings), "utf-8")
    assert "lacks weights (classifier." in refused(folder, tmp_path / "models")


@pytest.mark.parametrize(
    "files", [{}, {"config.json": "{}"}, {"config.json": "["}, {"model.safetensors": "damaged"}]
)
def test_a_folder_that_holds_none_is_one_sentence(
    cross_encoder: Path, tmp_path: Path, files: dict[str, str]
) -> None:
    folder = tmp_path / "folder"
    if "model.safetensors" in files:
        shutil.copytree(cross_encoder, folder)
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, "utf-8")
    assert "is not a cross-encoder that can be loaded (" in refused(folder, tmp_path / "models")


def test_an_export_that_strays_is_refused(
    cross_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Strayed(Reranker):
        def logits(self, question: str, windows: Any) -> Any:
            return super().logits(question, windows) + 0.1

    monkeypatch.setattr(reranker_export, "Reranker", Strayed)
    assert "strays from it by 0." in refused(cross_encoder, tmp_path / "models")


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (
            RuntimeError("unsupported operator\nat a line"),
            ModelUnusable,
            r"\(unsupported operator\)",
        ),
        (OSError(28, "No space left on device"), StorageError, "No space left on device"),
    ],
)
def test_a_model_that_cannot_be_exported_is_said(
    cross_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    error: Exception, kind: type[Exception], message: str,
) -> None:  # fmt: skip
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("torch.onnx.export", fails)
    with pytest.raises(kind, match=message):
        exported(cross_encoder, tmp_path / "models")
