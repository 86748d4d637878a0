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
from index.reader import READER_FILES, Reader
from index.runtime import optimise

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

_CHANGE = "reader.safetensors"
_OPSET = 17
# A question and a window fit; of longer ones the longer of the two loses its end.
_MAX_TOKENS = 192
# Whole numbers of eight bits move a probability by some hundredths; more is a broken export.
_MOST_STRAYED = 0.2
_SAMPLES = (
    ("How many officers were injured?", "At least 22 officers were injured in Brixton."),
    ("Who spoke?", "The event was stopped at 11pm, a spokesman said, after calls from residents."),
    ("When was it?", "Officers will patrol until the end of the month; nobody was arrested."),
)


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
    tokenizer.enable_padding()
    tokenizer.enable_truncation(_MAX_TOKENS, strategy="longest_first")
    tokenizer.save(str(target / "tokenizer.json"))
    encoded = tokenizer.encode_batch(list(_SAMPLES))
    example = tuple(
        torch.tensor([getattr(one, name) for one in encoded])
        for name in ("ids", "attention_mask", "type_ids")
    )
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {0: "texts", 1: "tokens"}
    whole = target / "whole.onnx"
    torch.onnx.export(
        model,
        example,
        str(whole),
        input_names=names,
        output_names=["starts", "ends", "answers"],
        dynamic_axes=dict.fromkeys([*names, "starts", "ends"], axes) | {"answers": {0: "texts"}},
        opset_version=_OPSET,
        dynamo=False,  # as in index.model
    )
    quantize_dynamic(whole, target / "reader.onnx", weight_type=QuantType.QInt8, per_channel=True)
    optimise(target / "reader.onnx")
    whole.unlink()
    with torch.inference_mode():
        expected = torch.sigmoid(model(*example)[2]).numpy()
    _prove(target, expected)


def _prove(target: Path, expected: NDArray[np.float32]) -> None:
    reader = Reader.open(target)
    read = [reader.read(question, [window])[0] for question, window in _SAMPLES]
    got = 1 / (1 + np.exp([-one.answers for one in read]))
    strayed = float(np.abs(got - expected).max())
    if not strayed <= _MOST_STRAYED:
        raise ModelError(
            f"the ONNX export of the reader strays from it by {strayed:.2f} (at most "
            f"{_MOST_STRAYED} is allowed); set answer.second_reading to false in config.toml"
        )
