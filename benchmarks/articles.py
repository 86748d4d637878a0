"""Which paragraph of some articles answers: ours beside the usual ways, by kind of question.

    python benchmarks/articles.py FOLDER

FOLDER holds labelled data as its README tells; the answerable questions of ``squad/`` are put to
all of its paragraphs together. R@1 is the share of them whose first result lies in the paragraph
that the question was written for. BM25 is the lexical index's own stems (k1 1.2, b 0.75); the
vectors are of whole paragraphs, by the same encoder; their naive fusion is that of reciprocal ranks
(Cormack and others 2009, k 60). Of articles that the reader was taught on it knows more than it
should: those kept from it, a quarter, are told by themselves.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.progress import track

from index.answer import AnswerSettings
from index.evaluate import DEPTH
from index.fusion import rarity
from index.model import DEFAULT_MODEL, locate
from index.types import Query
from index.words import words

sys.path.insert(0, str(Path(__file__).parent / "train"))
from corpora import everything
from indexed import indexed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpora import Labelled, LabelledQuestion
    from numpy.typing import NDArray

_K1, _B, _RANKS = 1.2, 0.75, 60
_KINDS = {
    "number": r"\bhow (?:many|much|long|old|often|far|large|big|tall|high)\b",
    "date": r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade)\b",
    "who": r"\bwho(?:se|m)?\b",
    "place": r"\bwhere\b|\b(?:what|which) (?:city|country|state|place|town|region)\b",
    "why or how": r"\bwhy\b|\bhow\b",
    "what": r"\bwhat\b|\bwhich\b",
}


def kind_of(question: str) -> str:
    """The first of the kinds of question that its words show."""
    asked = question.casefold()
    return next((kind for kind, form in _KINDS.items() if re.search(form, asked)), "other")


def lexical(paragraphs: Sequence[str], questions: Sequence[str]) -> NDArray[np.float64]:
    """Shape (questions, paragraphs): BM25 (Robertson and Spärck Jones)."""
    stems = [Counter(word.stem for word in words(text)) for text in paragraphs]
    frequency = Counter(stem for counts in stems for stem in counts)
    lengths = np.array([sum(counts.values()) for counts in stems])
    damping = _K1 * (1 - _B + _B * lengths / lengths.mean())
    scores = np.zeros((len(questions), len(paragraphs)))
    for at, question in enumerate(questions):
        for stem in (word.stem for word in words(question)):
            counts = np.array([one[stem] for one in stems])
            worth = rarity(frequency[stem], len(paragraphs)) * (_K1 + 1)
            scores[at] += worth * counts / (counts + damping)
    return scores


def dense(paragraphs: Sequence[str], questions: Sequence[str]) -> NDArray[np.float64]:
    """Shape (questions, paragraphs): cosines."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - slow

    model = SentenceTransformer(str(locate(DEFAULT_MODEL)), device="cpu")
    kept, asked = (
        model.encode(list(texts), normalize_embeddings=True) for texts in (paragraphs, questions)
    )
    return np.asarray(asked @ kept.T, dtype=np.float64)


def fused(*scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Reciprocal ranks, added."""
    ranks = (one.argsort(axis=1)[:, ::-1].argsort(axis=1) for one in scores)
    return np.asarray(sum(1 / (_RANKS + 1 + rank) for rank in ranks))


def ours(
    corpus: Labelled, questions: Sequence[LabelledQuestion], *, reading: bool
) -> list[tuple[bool, bool]]:
    """Whether the first excerpt is of the right paragraph, and whether it holds the answer."""
    found = []
    with tempfile.TemporaryDirectory() as data:
        snapshot = indexed(corpus, Path(data), AnswerSettings(second_reading=reading))
        for question in track(questions, "asking"):
            excerpts = snapshot.answer(Query(question.text, limit=DEPTH)).excerpts
            first = next((e for e in excerpts if e.document_id == question.document), None)
            if first is None or first is not excerpts[0]:
                found.append((False, False))
                continue
            between = sorted((first.span, question.spans[0]))
            text = corpus.documents[question.document]
            apart = "\n\n" in text[between[0].start : between[1].end]
            found.append((not apart, first.span.overlaps(question.spans[0])))
        snapshot.close()
    return found


def paragraph_of(
    question: LabelledQuestion, corpus: Labelled, places: Sequence[tuple[str, str]]
) -> int:
    """The place of the paragraph that answers."""
    before = corpus.documents[question.document][: question.spans[0].start].count("\n\n")
    return next(at for at, (name, _) in enumerate(places) if name == question.document) + before


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    corpus = next(one for one in everything(parser.parse_args().folder) if one.name == "squad")
    questions = [one for one in corpus.questions if one.spans]
    places = [
        (name, paragraph)
        for name, text in corpus.documents.items()
        for paragraph in text.split("\n\n")
    ]
    gold = np.array([paragraph_of(one, corpus, places) for one in questions])
    texts, asked = [text for _, text in places], [q.text for q in questions]
    bm25, cosines = lexical(texts, asked), dense(texts, asked)
    plain, read = (np.array(ours(corpus, questions, reading=r)) for r in (False, True))
    right = {
        "BM25": bm25.argmax(axis=1) == gold,
        "vectors": cosines.argmax(axis=1) == gold,
        "naive fusion": fused(bm25, cosines).argmax(axis=1) == gold,
        "metquote, not read again": plain[:, 0],
        "metquote": read[:, 0],
        "… and the answer is in the excerpt": read[:, 1],
    }
    kinds = np.array([kind_of(text) for text in asked])
    kept = np.array([corpus.keeps(q.document) for q in questions])
    parts = {"all": kept | ~kept, "kept": kept} | {k: kinds == k for k in (*_KINDS, "other")}
    print(f"{len(questions)} questions, {len(places)} paragraphs, {len(corpus.documents)} articles")
    print(f"{'R@1':<36}", *(f"{name:>10}" for name in parts))
    print(f"{'questions':<36}", *(f"{chosen.sum():>10}" for chosen in parts.values()))
    for name, hits in right.items():
        print(f"{name:<36}", *(f"{hits[chosen].mean():>10.3f}" for chosen in parts.values()))


if __name__ == "__main__":
    main()
