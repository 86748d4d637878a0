"""The cross-encoder as a torch module, begun from MiniLM's first layers, and its export."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from index.reranker import PAD, TOKEN_KINDS

WIDTH: Final = 384
HEADS: Final = 12
LAYERS: Final = 3
POSITIONS: Final = 128
OPSET: Final = 17
_NORM_EPSILON: Final = 1e-12


class Layer(nn.Module):
    """One transformer layer; the last one computes its first token only."""

    def __init__(self, *, is_last: bool) -> None:
        super().__init__()
        self.is_last = is_last
        self.q, self.kv = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 2 * WIDTH)
        self.out, self.norm = nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH, _NORM_EPSILON)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.norm_out = nn.LayerNorm(WIDTH, _NORM_EPSILON)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """``x`` (b, n, WIDTH) to (b, n or 1, WIDTH); ``mask`` (b, 1, 1, n) is added to scores."""
        batch = x.shape[0]
        key, value = self.kv(x).split(WIDTH, -1)
        x = x[:, :1] if self.is_last else x
        size = WIDTH // HEADS
        query = self.q(x).reshape(batch, -1, HEADS, size).transpose(1, 2)
        key = key.reshape(batch, -1, HEADS, size).permute(0, 2, 3, 1)
        value = value.reshape(batch, -1, HEADS, size).transpose(1, 2)
        share = torch.softmax(query @ key * size**-0.5 + mask, -1)
        mixed = (share @ value).transpose(1, 2).reshape(batch, -1, WIDTH)
        x = self.norm(x + self.out(mixed))
        found: Tensor = self.norm_out(x + self.down(nn.functional.gelu(self.up(x))))
        return found


class CrossEncoder(nn.Module):
    """Token ids and kinds (b, n) to logits (b,). Word vectors are 8-bit and stay as they are."""

    table: Tensor
    scale: Tensor

    def __init__(self, vocabulary: int, layers: int = LAYERS) -> None:
        super().__init__()
        self.register_buffer("table", torch.zeros(vocabulary, WIDTH, dtype=torch.int8))
        self.register_buffer("scale", torch.zeros(vocabulary, 1))
        self.position = nn.Embedding(POSITIONS, WIDTH)
        self.kind = nn.Embedding(TOKEN_KINDS, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, _NORM_EPSILON)
        self.layers = nn.ModuleList([Layer(is_last=i == layers - 1) for i in range(layers)])
        self.dense, self.head = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 1)

    def forward(self, ids: Tensor, kinds: Tensor) -> Tensor:
        """The logits that the sentences answer."""
        words = self.table[ids].float() * self.scale[ids]
        x = self.norm(words + self.position.weight[: ids.shape[1]] + self.kind(kinds))
        mask = ((ids == PAD).float() * -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        logits: Tensor = self.head(nn.functional.gelu(self.dense(x[:, 0])))[:, 0]
        return logits

    def groups(self, rate: float, new_rate: float) -> list[dict[str, Any]]:
        """Parameters for an optimiser: those begun from MiniLM, and the new ones."""
        new = [*self.kind.parameters(), *self.dense.parameters(), *self.head.parameters()]
        names = {id(parameter) for parameter in new}
        old = [parameter for parameter in self.parameters() if id(parameter) not in names]
        return [{"params": old, "lr": rate}, {"params": new, "lr": new_rate}]


def begun(folder: Path, layers: int = LAYERS) -> CrossEncoder:
    """A model with the word and position vectors and the first layers of MiniLM in ``folder``."""
    weights = load_file(folder / "model.safetensors")
    words = weights["embeddings.word_embeddings.weight"].float()
    model = CrossEncoder(len(words), layers)
    with torch.no_grad():
        model.scale.copy_(words.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127)
        model.table.copy_((words / model.scale).round().to(torch.int8))
        model.position.weight.copy_(weights["embeddings.position_embeddings.weight"][:POSITIONS])
        kind = weights["embeddings.token_type_embeddings.weight"][0]
        model.kind.weight.copy_(kind + 0.02 * torch.randn(TOKEN_KINDS, WIDTH))
        _copy(model.norm, weights, "embeddings.LayerNorm")
        for number, layer in enumerate(model.layers):
            at = f"encoder.layer.{number}"
            _copy(layer.q, weights, f"{at}.attention.self.query")
            for part in ("weight", "bias"):
                both = [weights[f"{at}.attention.self.{name}.{part}"] for name in ("key", "value")]
                getattr(layer.kv, part).copy_(torch.cat(both))
            _copy(layer.out, weights, f"{at}.attention.output.dense")
            _copy(layer.norm, weights, f"{at}.attention.output.LayerNorm")
            _copy(layer.up, weights, f"{at}.intermediate.dense")
            _copy(layer.down, weights, f"{at}.output.dense")
            _copy(layer.norm_out, weights, f"{at}.output.LayerNorm")
    return model


def export(model: CrossEncoder, full: Path, quantised: Path) -> None:
    """Write ``full`` (fp32 but for the word vectors) and ``quantised`` (8-bit matrices)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 - slow

    ids = torch.randint(1000, 20000, (2, 9))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.eval(),
            (ids, torch.zeros_like(ids)),
            str(full),
            input_names=["ids", "kinds"],
            output_names=["logits"],
            dynamic_axes={"ids": {0: "pairs", 1: "tokens"}, "kinds": {0: "pairs", 1: "tokens"}}
            | {"logits": {0: "pairs"}},
            opset_version=OPSET,
            dynamo=False,
        )
    quantize_dynamic(
        str(full),
        str(quantised),
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul"],
        extra_options={"MatMulConstBOnly": True},
    )


def _copy(target: Any, weights: dict[str, Tensor], name: str) -> None:  # noqa: ANN401 - any layer
    target.weight.copy_(weights[f"{name}.weight"])
    target.bias.copy_(weights[f"{name}.bias"])
