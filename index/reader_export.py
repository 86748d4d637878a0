"""The reader for queries: the encoder's weights and what was learned, merged, small, on ONNX.

Imports torch, as `index.model` does, and only while the reader is exported.
"""

from __future__ import annotations

from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import ModelError
from index.exports import kept
from index.model import DEFAULT_MODEL, fingerprint, locate, quiet
from index.onnx_export import PAIRS, TEXTS, TOKENS, save_tokenizer, write_onnx
from index.reader import READER_FILES, Reader
from index.runtime import optimise

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

_CHANGE = "reader.safetensors"
# Whole numbers of eight bits move a probability by 0.02 in the mean (400 held-out windows), a
# doubtful one by much more; more than this in the mean is a broken export.
_MOST_STRAYED = 0.1


def is_for(folder: Path) -> bool:
    """Whether the reader goes with the model in ``folder``: it is taught upon the default's."""
    try:
        return folder == locate(DEFAULT_MODEL)
    except ModelError:
        return False


def learned() -> bytes:
    """The packaged change of the default model's weights, a safetensors file."""
    return resources.files("index").joinpath(_CHANGE).read_bytes()


def exported_reader(
    folder: Path, models: Path, change: bytes, *, announce: Callable[[str], None]
) -> Path:
    """The export below ``models`` of the reader that ``change`` makes of the model in ``folder``.

    It is made and proved at its first use.

    Raises:
        ModelError: it cannot be made, or strays from what it was made of.
        StorageError: ``models`` cannot be written.
    """
    both = sha256(fingerprint(folder).encode() + change).hexdigest()

    def make(working: Path) -> None:
        announce("exporting the reader to ONNX (once)")
        with quiet():
            _export(folder, working, change)

    return kept(models / f"reader-{both}", READER_FILES, make)


def _export(folder: Path, target: Path, change: bytes) -> None:
    import torch  # noqa: PLC0415 - only here
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 - only here
    from tokenizers import Tokenizer  # noqa: PLC0415 - only here

    from index.reader_model import taught  # noqa: PLC0415 - only here

    model = taught(folder, change)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    save_tokenizer(tokenizer, target / "tokenizer.json")
    encoded = tokenizer.encode_batch(list(PAIRS))
    example = {
        "input_ids": torch.tensor([one.ids for one in encoded]),
        "attention_mask": torch.tensor([one.attention_mask for one in encoded]),
        "token_type_ids": torch.tensor([one.type_ids for one in encoded]),
    }
    whole = target / "whole.onnx"
    write_onnx(model, example, {"starts": TOKENS, "ends": TOKENS, "answers": TEXTS}, whole)
    quantize_dynamic(whole, target / "reader.onnx", weight_type=QuantType.QInt8, per_channel=True)
    optimise(target / "reader.onnx")
    whole.unlink()
    with torch.inference_mode():
        expected = torch.sigmoid(model(*example.values())[2]).numpy()
    _prove(target, expected)


def _prove(target: Path, expected: NDArray[np.float32]) -> None:
    reader = Reader.open(target)
    read = [reader.read(question, [window])[0] for question, window in PAIRS]
    got = 1 / (1 + np.exp([-one.answers for one in read]))
    strayed = float(np.abs(got - expected).mean())
    if not strayed <= _MOST_STRAYED:
        raise ModelError(
            f"the ONNX export of the reader strays from it by {strayed:.2f} in the mean (at "
            f"most {_MOST_STRAYED} is allowed); set answer.second_reading to false in config.toml"
        )
