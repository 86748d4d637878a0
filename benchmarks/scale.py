"""Cost against size: corpora of 1,000 to 1,000,000 passages, built and asked.

    python benchmarks/scale.py --work FOLDER [--sizes 1000 10000 …] [--texts FOLDER] [--plot FILE]
                               [--build-only]

Documents are drawn from the sentences of a small grammar, or of the text files in the folder
given, with a quarter of their words replaced. They are built by the program, but for the vectors
of the passages: encoding a million would take hours, so each is drawn around vectors of sentences
that were really encoded (``benchmarks/generated.py``). Questions are encoded by the real encoder.
What was written and built stays in the work folder and is used again.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.generated import (  # noqa: E402 - the repository is no package
    RARE,
    UNCOMMON,
    Drawn,
    question_about,
    sentences_of,
    write_corpus,
)
from corpus.library import Library  # noqa: E402
from index import model  # noqa: E402
from index.answer import AnswerSettings  # noqa: E402
from index.build import build  # noqa: E402
from index.encoder import OnnxEncoder  # noqa: E402
from index.opened import OpenSnapshot  # noqa: E402
from index.snapshot import SnapshotStore  # noqa: E402
from index.types import Query  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_MODEL = "all-MiniLM-L6-v2"
_SIZES = (1_000, 10_000, 100_000, 1_000_000)
_ENCODED = 4_096
_QUESTIONS, _FILTERED, _JUDGED, _NEAREST = 200, 50, 50, 10
FILTERS = {
    "10 passages": {"publisher": RARE},
    "1%": {"publisher": UNCOMMON},
    "a year": {"since": date(2020, 1, 1), "until": date(2020, 12, 31)},
    "twelve years": {"since": date(2010, 1, 1), "until": date(2021, 12, 31)},
    "a speaker": {"speaker": "Ann Bababa"},
}


class Bar:
    """The program's progress as a bar on stderr; keeps the seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        columns = (*Progress.get_default_columns()[:-1], MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=Console(stderr=True))
        self._bar.start()
        self._task = self._bar.add_task("")
        self._name, self._since = "", time.perf_counter()

    def stage(self, name: str, total: int | None = None) -> None:
        """Another stage begins."""
        now = time.perf_counter()
        if self._name:
            self.seconds[self._name] = self.seconds.get(self._name, 0.0) + now - self._since
        self._name, self._since = name, now
        self._bar.reset(self._task, total=total, description=name)

    def advance(self, steps: int = 1) -> None:
        """So many steps of the stage are done."""
        self._bar.advance(self._task, steps)

    def stop(self) -> None:
        """The last stage is done."""
        self.stage("")
        self._bar.stop()


def prepare(work: Path, folder: Path, size: int, texts: Path | None) -> None:
    """Write the corpus of ``size`` passages to ``folder`` and build it, unless that was done."""
    bar = Bar()
    sentences = sentences_of(texts)
    written = folder / "written"
    if not written.exists():
        shutil.rmtree(folder, ignore_errors=True)
        bar.stage("writing documents", size)
        write_corpus(folder / "documents", size, sentences, bar.advance)
        written.touch()
    models = folder / "data" / "models"
    if not models.exists():
        models.parent.mkdir(exist_ok=True)
        located = model.locate(_MODEL)
        model.exported(located, work / "models", announce=bar.stage)
        shutil.copytree(work / "models", models)
    vectors = _encoded(work, sentences, bar)
    bar.stage("building")
    began = time.perf_counter()
    made = build(
        Library(folder / "documents"),
        SnapshotStore(folder / "data"),
        _MODEL,
        bar,
        stand_in=Drawn(vectors, bar.advance),
    )
    took = time.perf_counter() - began
    bar.stop()
    if made.is_new:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        values = {"seconds": took, "stages": bar.seconds, "most MiB": most}
        (folder / "built.json").write_text(json.dumps(values, indent=1) + "\n", "utf-8")


def _encoded(work: Path, sentences: Sequence[str], bar: Bar) -> NDArray[np.float32]:
    """Vectors of sentences, by the real encoder; kept in the work folder."""
    kept = work / "encoded.npy"
    if not kept.exists():
        rand = np.random.default_rng(1)
        chosen = rand.choice(len(sentences), min(_ENCODED, len(sentences)), replace=False)
        bar.stage("encoding sentences", len(chosen))
        encoder = OnnxEncoder.open(next((work / "models").iterdir()))
        np.save(kept, encoder.encode([sentences[at] for at in chosen], progress=bar.advance))
    return np.asarray(np.load(kept), dtype=np.float32)


def measure(folder: Path) -> dict[str, Any]:
    """Open what was built in ``folder`` and ask it, in this process."""
    store = SnapshotStore(folder / "data")
    began = time.perf_counter()
    opened = OpenSnapshot(store, store.current(), AnswerSettings(second_reading=False))
    opening = time.perf_counter() - began
    with closing(opened):
        began = time.perf_counter()
        seen = opened.after(Library(folder / "documents").journal.records())
        found: dict[str, Any] = {
            "passages": len(seen.catalogue),
            "opening": opening,
            "journal": time.perf_counter() - began,
            "disk": _size(store.folder(store.current())),
            "is exact": seen.dense.is_exact,
        }
        questions = _questions(seen)
        for question in questions[:5]:
            seen.answer(Query(question))
        found["answers"] = _timed(seen, [Query(one) for one in questions])
        found["memory"] = _memory()
        found["filters"] = {}
        vectors = [seen.encoder.encode_query(one) for one in questions[:_JUDGED]]
        for name, options in FILTERS.items():
            queries = [Query(one, **options) for one in questions[:_FILTERED]]  # type: ignore[arg-type]
            seen.answer(queries[0])
            found["filters"][name] = _timed(seen, queries) | _found(seen, vectors, queries[0])
        found["memory with filters"] = _memory()
        found |= _found(seen, vectors, Query("all"))
    return found


def _questions(opened: OpenSnapshot) -> list[str]:
    rows = np.random.default_rng(7).choice(len(opened.catalogue), _QUESTIONS, replace=False)
    found = (one.passage for one in opened.catalogue.candidates(rows.tolist()))
    asked = [question_about(opened.document(one.document_id).text_at(one.span)) for one in found]
    return [asked[at] for at in np.random.default_rng(8).permutation(len(asked))]


def _timed(opened: OpenSnapshot, queries: Sequence[Query]) -> dict[str, float]:
    """Milliseconds of whole answers, one after the other."""
    took = []
    for query in queries:
        began = time.perf_counter()
        opened.answer(query)
        took.append(1e3 * (time.perf_counter() - began))
    p50, p99 = np.quantile(took, (0.5, 0.99))
    return {"p50": float(p50), "p99": float(p99)}


def _found(
    opened: OpenSnapshot, vectors: Sequence[NDArray[np.float32]], query: Query
) -> dict[str, float]:
    """The share of the nearest allowed passages that the search for vectors finds."""
    among = opened.searcher.allowed(query).rows
    rows = np.arange(len(opened.dense)) if among is None else among
    if not len(rows):
        return {"rows": 0, "recall": 1.0}
    asked = np.stack(vectors)
    best: list[list[tuple[float, int]]] = [[] for _ in vectors]
    for start in range(0, len(rows), 50_000):
        some = rows[start : start + 50_000].tolist()
        cosines = asked @ opened.dense.vectors(some).T
        for mine, line in zip(best, cosines, strict=True):
            mine += [(float(line[at]), some[at]) for at in np.argsort(-line)[:_NEAREST]]
    shares = []
    for vector, mine in zip(vectors, best, strict=True):
        exact = {row for _, row in sorted(mine, reverse=True)[:_NEAREST]}
        near = list(opened.dense.search(vector, 40, among=among))[:_NEAREST]
        shares.append(len(exact & set(near)) / len(exact))
    return {"rows": len(rows), "recall": float(np.mean(shares))}


def _memory() -> dict[str, float]:
    """MiB resident: in all, and of these what is backed by no file."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    values = dict(line.split(":", 1) for line in lines)
    return {
        "resident": int(values["VmRSS"].split()[0]) / 1024,
        "anonymous": int(values["RssAnon"].split()[0]) / 1024,
    }


def _size(folder: Path) -> dict[str, float]:
    """MB on disk of each part of a snapshot."""
    parts: dict[str, float] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).parts[0]
            parts[name] = parts.get(name, 0.0) + path.stat().st_size / 1e6
    return parts


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=_SIZES)
    parser.add_argument("--texts", type=Path, help="a folder of .txt files")
    parser.add_argument("--plot", type=Path, help="a .png to draw the costs to")
    parser.add_argument("--build-only", action="store_true")
    parser.add_argument("--one", choices=("build", "measure"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    folders = {size: options.work / f"{size:07}" for size in options.sizes}
    if options.one == "build":
        prepare(options.work, *next((at, size) for size, at in folders.items()), options.texts)
        return
    if options.one == "measure":
        print(json.dumps(measure(next(iter(folders.values())))))
        return
    options.work.mkdir(parents=True, exist_ok=True)
    measured = []
    for size, folder in folders.items():
        _alone("build", size, options)
        if not options.build_only:
            built = json.loads((folder / "built.json").read_text("utf-8"))
            measured.append(json.loads(_alone("measure", size, options)) | {"built": built})
    if measured:
        (options.work / "measured.json").write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
        Console(width=140).print(tabulated(measured))
    if measured and options.plot is not None:
        plot(measured, options.plot)


def _alone(what: str, size: int, options: argparse.Namespace) -> str:
    """Do one thing in a process of its own: its last line."""
    command = [sys.executable, str(Path(__file__)), "--one", what, "--sizes", str(size)]
    command += ["--work", str(options.work)]
    command += ["--texts", str(options.texts)] if options.texts else []
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip().rpartition("\n")[2]


def tabulated(measured: Sequence[dict[str, Any]]) -> Table:
    """A column for each size."""
    table = Table("", box=None, padding=(0, 2, 0, 0))
    for one in measured:
        table.add_column(f"{one['passages']:,}", justify="right")
    lines: dict[str, list[str]] = {
        "build, s": [f"{one['built']['seconds']:.1f}" for one in measured],
        "build, most memory, MiB": [f"{one['built']['most MiB']:,.0f}" for one in measured],
        "on disk, MB": [f"{sum(one['disk'].values()):,.0f}" for one in measured],
        "vectors searched": ["exactly" if one["is exact"] else "RaBitQ" for one in measured],
        "opening, s": [f"{one['opening']:.2f}" for one in measured],
        "reading the journal, s": [f"{one['journal']:.2f}" for one in measured],
        "answer p50, ms": [f"{one['answers']['p50']:.1f}" for one in measured],
        "answer p99, ms": [f"{one['answers']['p99']:.1f}" for one in measured],
        "recall@10": [f"{one['recall']:.3f}" for one in measured],
        "resident, MiB": [f"{one['memory']['resident']:,.0f}" for one in measured],
        "  of it anonymous, MiB": [f"{one['memory']['anonymous']:,.0f}" for one in measured],
    }
    for name in FILTERS:
        some = [one["filters"][name] for one in measured]
        lines[f"{name}: rows"] = [f"{one['rows']:,}" for one in some]
        lines["  p50, ms".rjust(len(name) + 9)] = [f"{one['p50']:.1f}" for one in some]
        lines["  p99, ms".rjust(len(name) + 10)] = [f"{one['p99']:.1f}" for one in some]
        lines["  recall@10".rjust(len(name) + 11)] = [f"{one['recall']:.3f}" for one in some]
    for name, values in lines.items():
        table.add_row(name, *values)
    return table


def plot(measured: Sequence[dict[str, Any]], path: Path) -> None:
    """Draw build, answers and memory against size, both axes logarithmic."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import

    sizes = [one["passages"] for one in measured]
    lines = {
        "build, s": [one["built"]["seconds"] for one in measured],
        "warm answer p50, ms": [one["answers"]["p50"] for one in measured],
        "warm answer p99, ms": [one["answers"]["p99"] for one in measured],
        "resident memory, MiB": [one["memory"]["resident"] for one in measured],
        "on disk, MB": [sum(one["disk"].values()) for one in measured],
    }
    figure = Figure(figsize=(7, 5), layout="constrained")
    axes = figure.add_subplot()
    for name, values in lines.items():
        axes.loglog(sizes, values, marker="o", label=name)
    axes.set_xlabel("passages")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    main()
