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
    # Arenas keep the memory of the longest batch for good; texts are short.
    options.enable_cpu_mem_arena = False
    # Threads that spin between questions would take the cores from the event loop.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def open_tokenizer(path: Path) -> Any:  # noqa: ANN401 - ships no types
    """A tokenizer, without truncation and padding.

    Raises:
        Exception: the file cannot be used; the library has no class for its reasons.
    """
    from tokenizers import Tokenizer  # noqa: PLC0415 - slow to import

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    return tokenizer
