"""A whole encoder of a few kilobytes, for tests of builds and snapshots.

What `index.model.exported` leaves for a real model is written here by hand: an ONNX graph that
sums the vectors of its words, a tokenizer that splits at spaces, and the settings. Torch has no
part in it, so that a build takes a fraction of a second.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

from index import model
from index.encoder import ENCODER_FILES
from index.exports import seal
from index.words import stem
from tests.stub_encoder import stem_vector

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

DIMENSION = 16
_WORDS = (
    "met police officers armed patrols brixton street party violence commissioner london said "
    "injured drugs arrested letter carnival disorder crime gang"
).split()


def write_model(folder: Path) -> Path:
    """A folder that stands for a model: what it is told by is its one file."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"name": "tiny"}), "utf-8")
    return folder


def write_export(source: Path, models: Path) -> Path:
    """The export of the model at ``source``, where a build looks for it below ``models``."""
    target = models / model.fingerprint(source)
    target.mkdir(parents=True)
    write_files(target)
    seal(target, ENCODER_FILES)
    return target


def write_files(target: Path) -> None:
    """The three files of an encoder."""
    onnx.save_model(_graph(), str(target / "model.onnx"))
    words_tokenizer(_WORDS).save(str(target / "tokenizer.json"))
    settings = {
        "inputs": ["input_ids", "attention_mask"],
        "dimension": DIMENSION,
        "max_tokens": 64,
        "query_prompt": "",
        "passage_prompt": "",
    }
    (target / "encoder.json").write_text(json.dumps(settings), "utf-8")


def words_tokenizer(words: Iterable[str]) -> Tokenizer:
    """One that splits at spaces and signs; 0 pads, 1 is any other word, ``words`` follow."""
    vocabulary = {"[PAD]": 0, "[UNK]": 1} | {word: 2 + at for at, word in enumerate(words)}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    return tokenizer


def _graph() -> onnx.ModelProto:
    # Row 0 pads; row 1 is every other word. All lean one way, so that no sum is zero.
    rows = [np.zeros(DIMENSION), np.eye(DIMENSION)[0] / 2]
    rows += [stem_vector(stem(word), DIMENSION) + np.eye(DIMENSION)[0] / 2 for word in _WORDS]
    table = numpy_helper.from_array(np.stack(rows).astype(np.float32), "table")
    last = numpy_helper.from_array(np.array([2], dtype=np.int64), "last")
    axis = numpy_helper.from_array(np.array([1], dtype=np.int64), "axis")
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["words"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["masks"]),
        helper.make_node("Mul", ["words", "masks"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "axis"], ["sum"], keepdims=0),
        helper.make_node("LpNormalization", ["sum"], ["vectors"], axis=1, p=2),
    ]
    names = ("input_ids", "attention_mask")
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["n", "t"]) for n in names]
    outputs = [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", DIMENSION])]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, [table, last, axis])
    opset = helper.make_opsetid("", 17)
    return helper.make_model(graph, opset_imports=[opset], ir_version=9)
