"""The reader as a torch model: the encoder's weights, changed a little, and what it says.

Imported only while the reader is taught or exported; queries run on its export: see
``index.reader``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

import torch

from corpus.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

_Layer = TypeVar("_Layer", bound=torch.nn.Module)
# What is learned beside the low-rank changes: small, and cheap.
_LEARNED = ("LayerNorm", "bias")
_NOT_OURS = "the reader's weights are not those of this version; reinstall metquote"
_LAYER = re.compile(r"bert\.encoder\.layer\.(\d+)\.")


class LowRank(torch.nn.Module):
    """A fixed linear layer with a learned change of low rank (Hu and others 2021)."""

    def __init__(self, fixed: torch.nn.Linear, rank: int) -> None:
        super().__init__()
        self.fixed = fixed
        self.down = torch.nn.Parameter(torch.empty(rank, fixed.in_features))
        self.up = torch.nn.Parameter(torch.zeros(fixed.out_features, rank))
        torch.nn.init.normal_(self.down, std=fixed.in_features**-0.5)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Shape (…, in) to (…, out)."""
        change = torch.nn.functional.linear(inputs, self.down)
        return self.fixed(inputs) + torch.nn.functional.linear(change, self.up)  # type: ignore[no-any-return]

    @torch.no_grad()
    def merged(self) -> torch.nn.Linear:
        """One layer that does the same."""
        self.fixed.weight += self.up @ self.down
        return self.fixed


class ReaderModel(torch.nn.Module):
    """Tokens of a question and a window to where the answer begins and ends, and if there is one.

    The first token stands for no answer; other tokens of the question cannot begin or end one.
    """

    def __init__(self, folder: Path) -> None:
        """``folder`` is that of the encoder's model, a BERT."""
        super().__init__()
        from transformers import BertModel  # noqa: PLC0415 - slow, and quiet only where called

        self.bert = BertModel.from_pretrained(str(folder), add_pooling_layer=False)
        self.places = torch.nn.Linear(self.bert.config.hidden_size, 2)
        self.answers = torch.nn.Linear(self.bert.config.hidden_size, 1)

    def forward(
        self, ids: torch.Tensor, attention: torch.Tensor, types: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Shape (n, tokens) each to starts and ends (n, tokens), and answers (n,), as logits."""
        hidden = self.bert(ids, attention, types).last_hidden_state
        starts, ends = self.places(hidden).unbind(-1)
        first = torch.zeros_like(types)
        first[:, 0] = 1
        barred = ((types * attention) + first) == 0
        starts = starts.masked_fill(barred, -1e4)
        ends = ends.masked_fill(barred, -1e4)
        return starts, ends, self.answers(hidden[:, 0]).squeeze(-1)

    def change(self) -> dict[str, torch.Tensor]:
        """What was learned, in half precision."""
        return {
            name: parameter.detach().to(torch.float16).contiguous()
            for name, parameter in self.named_parameters()
            if parameter.requires_grad
        }

    def merge(self) -> None:
        """Put what was learned into the layers themselves."""
        for parent, name, layer in _layers(self, LowRank):
            setattr(parent, name, layer.merged())


def adapt(model: ReaderModel, rank: int, fixed_layers: int) -> None:
    """Give the matrices above the lowest ``fixed_layers`` a change of ``rank``; fix the rest.

    What the lowest layers do is much the same for any task (Peters and others 2019): to leave
    two alone spares a fifth of the time, and the first passes did.
    """
    layers = model.bert.encoder.layer[fixed_layers:]
    model.bert.requires_grad_(requires_grad=False)
    for layer in layers:
        for name, parameter in layer.named_parameters():
            parameter.requires_grad_(any(part in name for part in _LEARNED))
        for parent, name, linear in _layers(layer, torch.nn.Linear):
            setattr(parent, name, LowRank(linear, rank))


def taught(folder: Path, change: bytes) -> ReaderModel:
    """The reader upon the model in ``folder``, ``change`` (a safetensors file) merged, for use."""
    model = changed(folder, change)
    model.merge()
    return model.eval()


def changed(folder: Path, change: bytes) -> ReaderModel:
    """The reader upon the model in ``folder`` with ``change`` beside it, to be taught further.

    Raises:
        ModelError: ``change`` is not of this model.
    """
    from safetensors.torch import load  # noqa: PLC0415 - as above

    tensors = load(change)
    matrices = {name: tensor for name, tensor in tensors.items() if name.endswith(".down")}
    rank = len(next(iter(matrices.values())))
    lowest = min(int(found[1]) for name in matrices if (found := _LAYER.match(name)))
    model = ReaderModel(folder)
    adapt(model, rank, lowest)
    whole = {name: tensor.to(torch.float32) for name, tensor in tensors.items()}
    learned = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    try:
        model.load_state_dict(model.state_dict() | whole)
    except RuntimeError as error:
        raise ModelError(_NOT_OURS) from error
    if learned - set(whole):
        raise ModelError(_NOT_OURS)
    return model


def _layers(
    model: torch.nn.Module, kind: type[_Layer]
) -> list[tuple[torch.nn.Module, str, _Layer]]:
    """The layers of a kind, each with what holds it and its name there."""
    return [
        (parent, name, layer)
        for parent in list(model.modules())
        if not isinstance(parent, LowRank)
        for name, layer in list(parent.named_children())
        if isinstance(layer, kind)
    ]
