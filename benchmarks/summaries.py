"""Summaries of a corpus that repeats itself, beside simpler ways to choose sentences.

    python benchmarks/summaries.py [--keep FOLDER]

The corpus is the starter documents and two edited copies of each, as agencies pass a report on.
The topics are those of tests/data/summaries.jsonl; a sentence of a copy counts as the one it was
made from, which is the sentence of the same number.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from corpus.library import Library  # noqa: E402 - the repository is no package
from index import evaluate_summaries as measures  # noqa: E402
from index.answer import AnswerSettings  # noqa: E402
from index.build import build  # noqa: E402
from index.evaluate import Gold  # noqa: E402
from index.model import DEFAULT_MODEL  # noqa: E402
from index.opened import OpenSnapshot  # noqa: E402
from index.passages import passages  # noqa: E402
from index.snapshot import SnapshotStore  # noqa: E402
from index.types import Query  # noqa: E402
from tests.conftest import Recorded  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.document import Document

_EDITS = {
    "wire": {r"\bthe Met\b": "the force", r"\bsaid\b": "has said", r"\bviolence\b": "unrest"},
    "again": {r"\bLondon\b": "the capital", r"\balso\b ": "", r"\bwill\b": "is going to"},
}
_NAME = re.compile(rf"-(?:{'|'.join(_EDITS)})\Z")


def main() -> None:
    """Build, measure, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--keep", type=Path, help="keep the index here and use it again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        documents = _copied(folder / "documents")
        store = SnapshotStore(folder / "data")
        build(Library(documents), store, DEFAULT_MODEL, Recorded())
        opened = OpenSnapshot(store, store.current(), AnswerSettings())
        lines = (ROOT / "tests/data/summaries.jsonl").read_text("utf-8").splitlines()
        _measure(measures.read_topics(lines, "summaries.jsonl"), opened)
        opened.close()


def _copied(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for path in (ROOT / "corpus/documents").glob("*.md"):
        if path.name == "README.md":
            continue
        text = path.read_text("utf-8")
        (folder / path.name).write_text(text, "utf-8")
        _, front, body = text.split("---\n", 2)
        for name, edits in _EDITS.items():
            edited = body
            for word, other in edits.items():
                edited = re.sub(word, other, edited)
            copy = folder / f"{path.stem}-{name}.md"
            copy.write_text(f"---\n{front}---\n{edited}", "utf-8")
    return folder


def _measure(topics: tuple[measures.Topic, ...], opened: OpenSnapshot) -> None:
    judged = measures.run(topics, opened.summarizer, opened.document)
    redundant = {
        (half, method): measures.measures(
            [one for one in judged if one.topic.half == half], method, opened.document
        )["redundancy"]
        for half in measures.HALVES
        for method in measures.METHODS
    }
    same = [
        replace(
            one,
            chosen={
                method: tuple(_original(place, opened.document) for place in places)
                for method, places in one.chosen.items()
            },
        )
        for one in judged
    ]
    print(f"{'half':<10}{'method':<15}{'coverage':>9}{'precision':>10}{'redundancy':>11}")
    for (half, method), repeated in redundant.items():
        group = [one for one in same if one.topic.half == half]
        found = measures.measures(group, method, opened.document)
        figures = f"{found['coverage']:>9.3f}{found['precision']:>10.3f}{repeated:>11.3f}"
        print(f"{half:<10}{method:<15}{figures}")
    marked, right = measures.marked(same)
    print(f"disagreements marked {marked}, of them labelled {right}")
    spent = []
    for topic in topics:
        began = time.perf_counter()
        opened.summarizer.summarize(Query(topic.text, limit=measures.SENTENCES))
        spent.append(time.perf_counter() - began)
    print(f"a summary takes {1000 * median(spent):.0f} ms (median)")


def _original(place: Gold, document: Callable[[str], Document]) -> Gold:
    """The same sentence in the document that a copy was made of."""
    name = _NAME.sub("", place.document_id)
    if name == place.document_id:
        return place
    copies, originals = passages(document(place.document_id)), passages(document(name))
    at = next(n for n, one in enumerate(copies) if one.span.overlaps(place.span))
    return Gold(name, originals[at].span)


if __name__ == "__main__":
    main()
