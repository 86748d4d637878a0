"""Models on ONNX Runtime, opened in one way; torch is never imported here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def open_session(model: Path, threads: int) -> Any:  # noqa: ANN401 - ships no types
    """A session of ``model`` on ``threads`` threads, safe to run from several threads at once.

    Raises:
        Exception: the file cannot be used; the library has no common class for its reasons.
    """
    import onnxruntime  # noqa: PLC0415 - slow to import, and not needed by every command

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # What is stored is optimised already; doing it again took 80 ms of a cold start.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    # Arenas keep the memory of the longest batch for good; texts are short.
    options.enable_cpu_mem_arena = False
    # Threads that spin between questions would take the cores from the event loop.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def optimise(model: Path) -> None:
    """Replace ``model`` by what the runtime makes of it, for processors of every kind.

    Raises:
        Exception: as `open_session`.
    """
    import onnxruntime  # noqa: PLC0415 - slow to import, and not needed by every command

    optimised = model.with_suffix(".optimised")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(optimised)
    onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    optimised.replace(model)


def open_tokenizer(path: Path, *, truncated: bool = False) -> Any:  # noqa: ANN401 - ships no types
    """A tokenizer, without truncation unless ``truncated``, as its file says.

    Raises:
        Exception: the file cannot be used; the library has no class for its reasons.
    """
    from tokenizers import Tokenizer  # noqa: PLC0415 - slow to import

    tokenizer = Tokenizer.from_file(str(path))
    if not truncated:
        tokenizer.no_truncation()
    return tokenizer
