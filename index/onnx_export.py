"""What the exports of models to ONNX have in common; torch is imported while one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_OPSET = 17
# What may differ from one run to another, by axis: of one number a text, and of one a token.
TEXTS = {0: "texts"}
TOKENS = {0: "texts", 1: "tokens"}
# A question and a window fit; of longer ones the longer of the two loses its end.
MAX_TOKENS = 192
# What the export of a model of a question and a window is compared on.
PAIRS = (
    ("How many officers were injured?", "At least 22 officers were injured in Brixton."),
    ("Who spoke?", "The event was stopped at 11pm, a spokesman said, after calls from residents."),
    ("When was it?", "Officers will patrol until the end of the month; nobody was arrested."),
    ("Was anybody arrested?", "Officers will patrol until the end of the month."),
    ("What did the mayor say about it?", "The mayor said: “I am in touch with the police.”"),
    ("how long did the thing go on for", "The music was turned off at five, nine hours later."),
    ("Why were the patrols stopped?", "The patrols were stopped in May. It rained."),
    ("Who was hurt, and where?", "Two officers were hurt when bottles were thrown in Brixton."),
)


def write_onnx(
    model: Any,  # noqa: ANN401 - a torch module
    inputs: Mapping[str, Any],
    outputs: Mapping[str, dict[int, str]],
    path: Path,
) -> None:
    """Write a torch module to ``path``.

    ``inputs`` are tensors of shape (texts, tokens) that it is run on, by name and in the order
    of its arguments; ``outputs`` has the axes of what it gives, `TEXTS` or `TOKENS`, by name.

    Raises:
        Exception: it cannot be exported; the library has no common class for its reasons.
    """
    import torch  # noqa: PLC0415 - only here

    torch.onnx.export(
        model,
        tuple(inputs.values()),
        str(path),
        input_names=list(inputs),
        output_names=list(outputs),
        dynamic_axes=dict.fromkeys(inputs, TOKENS) | dict(outputs),
        opset_version=_OPSET,
        # The newer exporter takes five times as long and writes the weights to a second file.
        dynamo=False,
    )


def save_tokenizer(
    tokenizer: Any,  # noqa: ANN401 - ships no types
    path: Path,
    most_tokens: int = MAX_TOKENS,
    **padding: object,
) -> None:
    """Save a tokenizer of pairs, which pads (``padding`` as it takes it) and cuts the longer."""
    tokenizer.enable_padding(**padding)
    tokenizer.enable_truncation(most_tokens, strategy="longest_first")
    tokenizer.save(str(path))
