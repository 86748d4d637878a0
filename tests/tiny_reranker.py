"""A whole cross-encoder of a kilobyte, for tests of builds and of orders; torch has no part in it.

What `index.reranker_export.exported_reranker` leaves for a real one is written here by hand.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers.processors import TemplateProcessing

from index import model
from index.exports import seal
from index.onnx_export import save_tokenizer
from index.reranker import RERANKER_FILES
from tests.tiny_model import words_tokenizer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray


def write_reranker(folder: Path, models: Path, worth: Mapping[str, float]) -> Path:
    """A folder that stands for a cross-encoder; its export is where a build looks below ``models``.

    What it gives is the sum of what each word of a window is ``worth``, and others nothing.
    """
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(dict(worth)), "utf-8")
    write_export(folder, models, worth)
    return folder


def write_export(source: Path, models: Path, worth: Mapping[str, float]) -> Path:
    """The export of the cross-encoder at ``source`` below ``models``."""
    target = models / f"reranker-{model.fingerprint(source)}"
    target.mkdir(parents=True)
    rows = np.array([0.0, 0.0, *worth.values()], dtype=np.float32)
    onnx.save_model(_graph(rows), str(target / "reranker.onnx"))
    tokenizer = words_tokenizer(worth)
    tokenizer.post_processor = TemplateProcessing(single="$A", pair="$A:0 $B:1", special_tokens=[])
    save_tokenizer(tokenizer, target / "tokenizer.json")
    seal(target, RERANKER_FILES)
    return target


def _graph(rows: NDArray[np.float32]) -> onnx.ModelProto:
    # Words of the question, and what pads, have the type 0.
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["words"]),
        helper.make_node("Cast", ["token_type_ids"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["words", "mask"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "axis"], ["logits"], keepdims=0),
    ]
    names = ("input_ids", "token_type_ids")
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["n", "t"]) for n in names]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n"])]
    table = numpy_helper.from_array(rows, "table")
    axis = numpy_helper.from_array(np.array([1], dtype=np.int64), "axis")
    graph = helper.make_graph(nodes, "tiny-reranker", inputs, outputs, [table, axis])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
