"""How long `metquote verify` takes over 100,000 passages, by verdict.

    python benchmarks/verify.py [--passages 100000] [--each 100] [--keep FOLDER]

The corpus is copies of the starter documents, in each of which a quarter of the words of four
letters and more is replaced by one of 40,000 invented words, common ones more often. Posted
texts are slices of it, altered, stitched and made up by the seeded hand of the tests.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from corpus.document import Document  # noqa: E402 - the repository is no package
from corpus.library import Library  # noqa: E402
from index import tables  # noqa: E402
from index.analysis import passed  # noqa: E402
from index.catalogue import Catalogue  # noqa: E402
from index.lexical import LexicalIndex  # noqa: E402
from index.verify import Verifier  # noqa: E402
from tests.index.altering import Hand  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.tables import Entry

_SEED = 20240809
_VOCABULARY = 40_000
_REPLACED = 0.25
_WORD = re.compile(r"\b[A-Za-z]{4,}\b")
_SYLLABLES = ("ba", "cor", "del", "fen", "gri", "hal", "ist", "jo", "kem", "lor", "mun", "nev")
# Documents from which the posted texts are taken; all of them would take long to look through.
_POSTED_FROM = 40


def main() -> None:
    """Build, measure, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=20, help="posted texts of each kind")
    parser.add_argument("--keep", type=Path, help="keep the index here and use it again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        if not (folder / "catalogue.sqlite").exists():
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder, options.passages)
        _measure(folder, options.each)


def _write(folder: Path, passages: int) -> None:
    entries: list[Entry] = []
    rows = 0
    started = time.perf_counter()
    for document in varied():
        entries.append(passed(document, rows).entry)
        rows += len(entries[-1].passages)
        if rows >= passages:
            break
    tables.write(folder / "catalogue.sqlite", entries)
    LexicalIndex.build(
        folder / "lexical",
        (pair for entry in entries for pair in zip(entry.stems, entry.around, strict=True)),
    )
    print(f"{rows:,} passages of {len(entries):,} documents, {time.perf_counter() - started:.0f} s")


def varied() -> Iterator[Document]:
    """Copies of the starter documents without end, no two the same."""
    rand = random.Random(_SEED)  # noqa: S311 - a benchmark
    words = ["".join(rand.choices(_SYLLABLES, k=rand.randint(2, 4))) for _ in range(_VOCABULARY)]

    def other(found: re.Match[str]) -> str:
        if rand.random() >= _REPLACED:
            return found.group()
        # The square makes some words a thousand times as common as others, as in any language.
        word = words[int(rand.random() ** 2 * _VOCABULARY)]
        return word.capitalize() if found.group()[0].isupper() else word

    starters = Library(ROOT / "corpus" / "documents").read().documents
    number = 0
    while True:
        for document in starters:
            number += 1
            yield Document.of(
                f"{document.id}-{number:05}", document.metadata, _WORD.sub(other, document.text)
            )


def _measure(folder: Path, each: int) -> None:
    opened = Catalogue.open(folder / "catalogue.sqlite")
    verifier = Verifier(opened, LexicalIndex.open(folder / "lexical"))
    started = time.perf_counter()
    verifier.prepare()
    print(f"reading every document, once a process: {time.perf_counter() - started:.1f} s")
    rand = random.Random(_SEED)  # noqa: S311 - a benchmark
    chosen = rand.sample(opened.document_ids(), _POSTED_FROM)
    cases = Hand({one: opened.document(one).text for one in chosen}, _SEED).cases(each)
    rand.shuffle(cases)
    took: dict[str, list[tuple[float, float]]] = defaultdict(list)
    right = 0
    for case in cases:
        start, busy = time.perf_counter(), time.process_time()
        verdict = verifier.verify(case.posted)
        times = (1000 * (time.perf_counter() - start), 1000 * (time.process_time() - busy))
        took[verdict.finding.value].append(times)
        took["all"].append(times)
        right += verdict.finding is case.expected
    print(f"{len(opened):,} passages, {len(cases)} posted texts, {right / len(cases):.3f} right\n")
    print("| verdict | texts | p50 ms | p90 ms | p99 ms | p50 ms of CPU |")
    print("| --- | --- | --- | --- | --- | --- |")
    for finding, found in sorted(took.items()):
        wall, cpu = (sorted(times) for times in zip(*found, strict=True))
        p50, p90, p99 = (wall[min(int(len(wall) * q), len(wall) - 1)] for q in (0.5, 0.9, 0.99))
        print(
            f"| {finding} | {len(wall)} | {p50:.1f} | {p90:.1f} | {p99:.1f} "
            f"| {cpu[len(cpu) // 2]:.1f} |"
        )


if __name__ == "__main__":
    main()
