"""A cross-encoder of one's own for queries: checked, exported to ONNX, and proved.

Imports torch, as `index.model` does, and only while it is exported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import ModelUnusable
from index.exports import kept
from index.model import fingerprint, quiet
from index.onnx_export import MAX_TOKENS, PAIRS, TEXTS, save_tokenizer, write_onnx
from index.reranker import RERANKER_FILES, Reranker
from index.runtime import optimise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_KIND = "ForSequenceClassification"
_CHOOSE = "choose another encoder.reranker"
_SAMPLES = (*PAIRS, ("Who was hurt?", "Officers said that patrols calm a street. " * 40))
# As a share of the greatest logit, or of one if all are less. The export is in whole precision:
# eight bits suit the packaged reader, but are not tried on a model that we do not know.
_MOST_STRAYED = 1e-3


def exported_reranker(
    folder: Path, models: Path, name: str, *, announce: Callable[[str], None]
) -> Path:
    """The export below ``models`` of the cross-encoder in ``folder``, made at its first use.

    ``name`` is what the setting calls it, for errors.

    Raises:
        ModelUnusable: it is no cross-encoder that gives one number, or its export strays from it.
        StorageError: ``models`` cannot be written.
    """

    def make(working: Path) -> None:
        announce("exporting the cross-encoder to ONNX (once)")
        with quiet():
            _export(folder, working, name)

    return kept(models / f"reranker-{fingerprint(folder)}", RERANKER_FILES, make)


def _export(folder: Path, target: Path, name: str) -> None:
    model, tokenizer = _loaded(folder, name)
    most_tokens = min(
        MAX_TOKENS,
        tokenizer.model_max_length,
        getattr(model.config, "max_position_embeddings", MAX_TOKENS),
    )
    try:
        expected = _write(model, tokenizer, most_tokens, target)
    except OSError:
        raise
    except Exception as error:
        raise ModelUnusable(
            f"the cross-encoder {name!r} cannot be exported to ONNX ({_said(error)}); {_CHOOSE}"
        ) from error
    reranker = Reranker.open(target)
    got = np.concatenate([reranker.logits(question, [window]) for question, window in _SAMPLES])
    strayed = float(np.abs(got - expected).max() / max(1.0, np.abs(expected).max()))
    if not strayed <= _MOST_STRAYED:
        raise ModelUnusable(
            f"the ONNX export of the cross-encoder {name!r} strays from it by {strayed:.4f} (at "
            f"most {_MOST_STRAYED} is allowed); {_CHOOSE}"
        )


def _loaded(folder: Path, name: str) -> tuple[Any, Any]:
    """The model, for use, and its tokenizer.

    Raises:
        ModelUnusable: there is none that gives one number for a question and a window.
    """
    from transformers import (  # noqa: PLC0415 - only here
        AutoConfig,
        AutoModelForSequenceClassification,
        AutoTokenizer,
    )

    try:
        config = AutoConfig.from_pretrained(str(folder))
        _prove_kind(config, name)
        model, found = AutoModelForSequenceClassification.from_pretrained(
            str(folder), output_loading_info=True
        )
        tokenizer = AutoTokenizer.from_pretrained(str(folder))
    except ModelUnusable:
        raise
    except Exception as error:
        # The libraries raise whatever they meet; each means the same to a caller.
        raise ModelUnusable(
            f"{name!r} is not a cross-encoder that can be loaded ({_said(error)}); {_CHOOSE}"
        ) from error
    if missing := sorted(found["missing_keys"]):
        # The library would make them up, by chance.
        raise ModelUnusable(f"the cross-encoder {name!r} lacks weights ({missing[0]}); {_CHOOSE}")
    # It may be kept in half precision, which processors do not compute in.
    return model.float().eval(), tokenizer


def _prove_kind(config: Any, name: str) -> None:  # noqa: ANN401 - a library without types
    kinds = " and ".join(config.architectures or ["none that it names"])
    if _KIND not in kinds:
        raise ModelUnusable(
            f"{name!r} is no cross-encoder (its kind is {kinds}, one …{_KIND} is asked); {_CHOOSE}"
        )
    if config.num_labels != 1:
        raise ModelUnusable(
            f"the cross-encoder {name!r} gives {config.num_labels} numbers for a question and a "
            f"text, and one is asked; {_CHOOSE}"
        )


def _write(
    model: Any,  # noqa: ANN401 - a library without types
    tokenizer: Any,  # noqa: ANN401 - a library without types
    most_tokens: int,
    target: Path,
) -> NDArray[np.float32]:
    """Write the model and its tokenizer; shape (samples,): what the model gives for `_SAMPLES`."""
    import torch  # noqa: PLC0415 - only here

    class Logit(torch.nn.Module):
        """Token ids to one number a text."""

        def __init__(self, names: Sequence[str]) -> None:
            super().__init__()
            self.model, self.names = model, names

        def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
            given = dict(zip(self.names, inputs, strict=True))
            return self.model(**given).logits[:, 0]  # type: ignore[no-any-return]

    questions, windows = (list(texts) for texts in zip(*_SAMPLES, strict=True))
    example = tokenizer(
        questions, windows, padding=True, truncation="longest_first", max_length=most_tokens,
        return_tensors="pt",
    )  # fmt: skip
    inputs = {name: example[name] for name in tokenizer.model_input_names if name in example}
    logit = Logit(list(inputs)).eval()
    write_onnx(logit, inputs, {"logits": TEXTS}, target / "reranker.onnx")
    optimise(target / "reranker.onnx")
    save_tokenizer(
        tokenizer.backend_tokenizer,
        target / "tokenizer.json",
        most_tokens,
        direction=tokenizer.padding_side,
        pad_id=tokenizer.pad_token_id,
        pad_type_id=tokenizer.pad_token_type_id,
        pad_token=tokenizer.pad_token,
    )
    with torch.inference_mode():
        expected: NDArray[np.float32] = logit(*inputs.values()).numpy()
    return expected


def _said(error: Exception) -> str:
    """The first line of what a library says; the others are advice for programs."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
