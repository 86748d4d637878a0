"""The reader's export says what the model that it was made of says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tokenizers import Tokenizer

from corpus.errors import ModelError
from index import reader_export
from index.model import DEFAULT_MODEL, locate
from index.reader import Reader
from tests.index.test_model_export import ignored, small_bert

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["small_bert"]
QUESTION, WINDOW = "how many armed officers?", "Two armed officers walked. Nobody spoke."


@pytest.fixture(scope="module")
def change(small_bert: Path) -> bytes:
    """What a reader upon the small model might have learned."""
    import torch  # noqa: PLC0415 - slow
    from safetensors.torch import save  # noqa: PLC0415 - slow

    from index.reader_model import ReaderModel, adapt  # noqa: PLC0415 - imports torch

    torch.manual_seed(1)
    model = ReaderModel(small_bert)
    adapt(model, 2, fixed_layers=0)
    for name, parameter in model.named_parameters():
        if name.endswith(".up"):
            torch.nn.init.normal_(parameter, std=0.05)
    return bytes(save(model.change()))


def test_the_export_says_what_the_model_says(
    small_bert: Path, change: bytes, tmp_path: Path
) -> None:
    import torch  # noqa: PLC0415 - slow

    from index.reader_model import taught  # noqa: PLC0415 - imports torch

    folder = reader_export.exported_reader(small_bert, tmp_path, change, announce=ignored)
    reader = Reader.open(folder)
    (reading,) = reader.read(QUESTION, [WINDOW])
    encoded = Tokenizer.from_file(str(folder / "tokenizer.json")).encode(QUESTION, WINDOW)
    with torch.inference_mode():
        starts, ends, answers = taught(small_bert, change)(
            *(
                torch.tensor([one])
                for one in (encoded.ids, encoded.attention_mask, encoded.type_ids)
            )
        )
    assert reading.answers == pytest.approx(float(answers), abs=0.1)
    inside = np.array(encoded.type_ids, bool)
    inside[-1] = False  # the separator
    assert np.allclose(reading.starts, (starts - starts[0, 0])[0].numpy()[inside], atol=0.1)
    assert np.allclose(reading.ends, (ends - ends[0, 0])[0].numpy()[inside], atol=0.1)


def test_it_is_made_once_for_a_model_and_a_change(
    small_bert: Path, change: bytes, tmp_path: Path
) -> None:
    told: list[str] = []
    made = [
        reader_export.exported_reader(small_bert, tmp_path, change, announce=told.append)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert told == ["exporting the reader to ONNX (once)"]
    assert [path.name for path in tmp_path.iterdir()] == [made[0].name]


def test_a_change_of_another_model_is_refused(change: bytes, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="reinstall metquote"):
        reader_export.exported_reader(locate(DEFAULT_MODEL), tmp_path, change, announce=ignored)
    assert list(tmp_path.iterdir()) == []


def test_another_model_than_the_default_has_no_reader(small_bert: Path) -> None:
    assert reader_export.is_for(locate(DEFAULT_MODEL))
    assert not reader_export.is_for(small_bert)
