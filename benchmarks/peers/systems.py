"""The systems that are compared: how each is installed, built and asked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[2]
_HERE = Path(__file__).parent
_SPEAK = _HERE / "adapters" / "speak.py"
_SOURCES = ("bot", "corpus", "index", "pyproject.toml", "README.md", "LICENSE")
DOCUMENTS = ROOT / "corpus" / "documents"


@dataclass(frozen=True, slots=True)
class System:
    """One system; ``home`` names its requirements and its folder, which two may share.

    ``versions`` are the packages whose versions are printed. What lies in the index under
    ``rebuilt`` is taken away before a later build; ``None`` where nothing is kept between builds.
    One that does not ``split`` by itself is given paragraphs in any case.
    ``without`` are packages that are taken out after installing, since they do not load here.
    """

    name: str
    home: str
    versions: tuple[str, ...]
    note: str
    rebuilt: tuple[str, ...] | None = None
    split: bool = True
    without: tuple[str, ...] = ()

    @property
    def is_ours(self) -> bool:
        """Whether it is metquote, which speaks the protocol by itself."""
        return self.name == "metquote"

    def binaries(self, folder: Path) -> Path:
        """Where the programs of its virtual environment lie."""
        return folder / self.home / "venv" / "bin"

    def index(self, folder: Path, *, paragraphs: bool = False) -> Path:
        """Where its index lies."""
        return folder / self.home / f"index-{self.name}{'-paragraphs' * paragraphs}"

    def build(self, folder: Path, *, paragraphs: bool = False) -> list[str]:
        """The command that builds its index."""
        if self.is_ours:
            return [str(self.binaries(folder) / "metquote"), "index", "build"]
        index = str(self.index(folder, paragraphs=paragraphs))
        given = [str(folder / "documents.jsonl"), index, str(folder / "model")]
        return [*self._speak(folder), "build", *given, *(["--paragraphs"] if paragraphs else [])]

    def ask(self, folder: Path, *, paragraphs: bool = False) -> list[str]:
        """The command that answers lines of JSON with lines of JSON."""
        if self.is_ours:
            program = str(self.binaries(folder) / "metquote")
            return [program, "ask", "--batch", "-", "--limit", "10"]
        index = str(self.index(folder, paragraphs=paragraphs))
        return [*self._speak(folder), "ask", index, str(folder / "model")]

    def environment(self, folder: Path) -> dict[str, str]:
        """The variables of its processes: no hub, no telemetry, no buffers, nothing of ours."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("METQUOTE_")
        }
        kept |= {
            "HF_HUB_OFFLINE": "1",
            "HF_HOME": str(folder / "hub"),
            "HAYSTACK_TELEMETRY_ENABLED": "False",
            "PYTHONUNBUFFERED": "1",
        }
        if self.is_ours:
            kept["METQUOTE_PATHS_DATA"] = str(self.index(folder))
            kept["METQUOTE_PATHS_DOCUMENTS"] = str(DOCUMENTS)
        return kept

    def _speak(self, folder: Path) -> list[str]:
        return [str(self.binaries(folder) / "python"), str(_SPEAK), self.name]


SYSTEMS = (
    System(
        "metquote", "metquote", ("metquote", "onnxruntime", "faiss-cpu", "tantivy"),
        "the installed command, ask --batch: whole sentences by offsets; its score is the"
        " confidence. The first build exports the encoder to ONNX, which its index holds.",
        ("snapshots", "embeddings", "current"),
    ),
    System(
        "plain", "plain", ("sentence-transformers", "faiss-cpu", "torch"),
        "sentence-transformers and FAISS (IndexFlatIP) by hand; no splitter of its own:"
        " paragraphs. Its score is the cosine.",
        split=False,
    ),
    System(
        "txtai", "txtai", ("txtai", "transformers", "faiss-cpu", "torch"),
        "Embeddings(hybrid=True, content=True); paragraphs of its Segmentation, which tidies"
        " white space. Its score is half cosine, half BM25 scaled to 0-1.",
    ),
    System(
        "haystack", "haystack", ("haystack-ai", "sentence-transformers", "torch"),
        "its tutorial on hybrid retrieval without the ranker (a model of the hub);"
        " DocumentSplitter as it comes, 200 words. Its joiner as it comes puts BM25 scores and"
        " cosines into one list as they are.",
    ),
    System(
        "haystack_rrf", "haystack", ("haystack-ai",),
        "the same, joined by reciprocal rank fusion, whose score knows ranks alone; as fast and"
        " as large as the other.",
    ),
    System(
        "verbatim", "verbatim", ("verbatim-rag", "pymilvus", "sentence-transformers", "torch"),
        "the index of verbatim-rag alone (dense, Milvus Lite): what picks spans out of its"
        " chunks needs a model of the hub or an LLM. Its splitter cuts at Markdown headings,"
        " of which these texts have none: it shows whole documents, and a hit is the right one"
        " of four. Newer Milvus Lite refuses its schema; torchvision, which wants CUDA, is out.",
        without=("torchvision",),
    ),
)  # fmt: skip


def install(system: System, folder: Path) -> None:
    """Make the system's virtual environment, unless it is there as the requirements say.

    metquote is installed from the working tree, as a wheel, each time.

    Raises:
        subprocess.CalledProcessError: pip could not.
    """
    home = folder / system.home
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "venv").is_dir():
        subprocess.run([sys.executable, "-m", "venv", str(home / "venv")], check=True)
    name = "constraints.txt" if system.is_ours else f"{system.home}.txt"
    wanted = ROOT / name if system.is_ours else _HERE / "requirements" / name
    stamp, state = home / "installed", sha256(wanted.read_bytes()).hexdigest()
    whole = not stamp.is_file() or stamp.read_text("ascii") != state
    pip = [str(system.binaries(folder) / "python"), "-m", "pip", "install", "--quiet"]
    pip += ["--disable-pip-version-check"]
    if system.is_ours:
        source = _copied(home / "source")
        if whole:
            subprocess.run([*pip, "--constraint", str(wanted), source], check=True)
        subprocess.run([*pip, "--force-reinstall", "--no-deps", source], check=True)
    elif whole:
        subprocess.run([*pip, "--requirement", str(wanted)], check=True)
        for name in system.without:
            subprocess.run([*pip[:3], "uninstall", "--quiet", "--yes", name], check=True)
    stamp.write_text(state, "ascii")


def _copied(target: Path) -> str:
    """A copy of what metquote is built from, since a build leaves things beside its source."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for name in _SOURCES:
        if (ROOT / name).is_dir():
            left_out = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, target / name, ignore=left_out)
        else:
            shutil.copy(ROOT / name, target)
    return str(target)
