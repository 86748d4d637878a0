"""Fit the weights of ranking and of confidence, and write ``index/weights.json``.

    python benchmarks/train/rank.py FOLDER [--write]

FOLDER holds labelled data as its README tells: squad/, squadshifts/ and qamr/. Each corpus is
built into an index by the program's own code, asked its questions, and the features that the
program saw are what is fitted: pairwise logistic regression for the order, and two logistic
models for the confidence: whether a question is about the corpus, and whether, if so, the first
passage answers. Every figure printed for a corpus comes from weights fitted on the others.
Nothing of the data is kept but the weights.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from corpora import Labelled, corpora, sha256_of
from rank_fit import Asked, fit, rerank, shares

from corpus.errors import InputError
from corpus.library import Library
from index.answer import AnswerSettings
from index.build import build
from index.evaluate import auroc
from index.fusion import FEATURES, confidence, confidence_features
from index.opened import OpenSnapshot
from index.query import cleaned, read
from index.search import Allowed
from index.snapshot import SnapshotStore
from index.spelling import CorpusVocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.fusion import Weights

_SEED = 7
_WEIGHTS = Path(__file__).parents[2] / "index" / "weights.json"
_MODEL = "all-MiniLM-L6-v2"


class _Silent:
    def stage(self, name: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, steps: int = 1) -> None:
        """Say nothing."""


def ask_all(corpus: Labelled, strangers: Sequence[str], data: Path) -> list[Asked]:
    """Ask a corpus its own questions and those of ``strangers``, which it cannot answer."""
    store = SnapshotStore(data)
    folder = data / "documents" / corpus.name
    folder.mkdir(parents=True, exist_ok=True)
    for document, text in corpus.documents.items():
        (folder / f"{document}.md").write_text(f"---\nkind: other\n---\n\n{text}\n", "utf-8")
    build(Library(folder), store, _MODEL, _Silent())
    snapshot = OpenSnapshot(store, store.current(), AnswerSettings())
    vocabulary = CorpusVocabulary(snapshot.catalogue, snapshot.encoder)
    asked = []
    questions = [(q.text, q.document, q.spans) for q in corpus.questions]
    for text, document, spans in [*questions, *((text, "", ()) for text in strangers)]:
        try:
            part = read(cleaned(text), vocabulary)
        except InputError:
            continue
        ranked = tuple(snapshot.searcher.rank(part, Allowed(None)))
        if not ranked or not part.terms:
            continue
        places = [found.candidate.passage for found in ranked]
        right = [
            place.document_id == document and any(place.span.overlaps(span) for span in spans)
            for place in places
        ]
        kind = "answerable" if spans else "near-miss" if document else "stranger"
        matrix = np.array([[found.features[name] for name in FEATURES] for found in ranked])
        unknown = snapshot.searcher.unknown(part)
        asked.append(Asked(corpus.name, kind, part, ranked, unknown, matrix, np.array(right)))
    snapshot.close()
    return asked


def report(name: str, asked: Sequence[Asked], weights: Weights) -> dict[str, float]:
    """What ``weights`` do on a corpus they were not fitted on."""
    reranked = [rerank(one, weights) for one in asked]
    sure = np.array(
        [
            confidence(confidence_features(one.part, found, one.unknown), weights)
            for one, (found, _) in zip(asked, reranked, strict=True)
        ]
    )
    right = np.array([rights[0] for _, rights in reranked])
    kinds = np.array([one.kind for one in asked])
    ranks = [
        rights for (_, rights), kind in zip(reranked, kinds, strict=True) if kind == "answerable"
    ]
    by_kind = {
        kind: sure[kinds == kind].tolist() for kind in ("answerable", "near-miss", "stranger")
    }
    bins = np.clip((sure * 10).astype(int), 0, 9)
    weight = shares(asked)
    error = sum(
        abs((weight * (sure - right))[bins == b].sum()) / weight.sum() for b in np.unique(bins)
    )
    figures = {
        "R@1": float(np.mean([r[0] for r in ranks])),
        "R@3": float(np.mean([any(r[:3]) for r in ranks])),
        "R@5": float(np.mean([any(r[:5]) for r in ranks])),
        "near-miss": auroc(by_kind["answerable"], by_kind["near-miss"]),
        "stranger": auroc(by_kind["answerable"], by_kind["stranger"]),
        "ECE": float(error),
    }
    print(f"{name:<10}", *(f"{key} {value:.3f}" for key, value in figures.items()), flush=True)
    return {key: round(value, 3) for key, value in figures.items()}


def main() -> None:
    """Ask, fit, print, and write the weights if told to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, help="keep vectors here for the next run")
    parser.add_argument("--write", action="store_true", help=f"write {_WEIGHTS.name}")
    arguments = parser.parse_args()
    chance = random.Random(_SEED)  # noqa: S311 - a sample, not a secret
    everything = corpora(arguments.folder, chance)
    asked: list[Asked] = []
    with tempfile.TemporaryDirectory() as temporary:
        data = arguments.work or Path(temporary)
        for corpus in everything:
            others = [
                q.text for other in everything if other is not corpus for q in other.questions
            ]
            strangers = chance.sample(others, len(corpus.questions) // 3)
            asked += ask_all(corpus, strangers, data)
            print(f"asked {corpus.name}: {len(corpus.documents)} documents", flush=True)
    figures: dict[str, Any] = {}
    for corpus in everything:
        weights = fit([one for one in asked if one.corpus != corpus.name])
        held_out = [one for one in asked if one.corpus == corpus.name]
        figures[corpus.name] = report(corpus.name, held_out, weights)
    weights = fit(asked)
    values = {
        **asdict(weights),
        "made_by": "python benchmarks/train/rank.py FOLDER --write",
        "seed": _SEED,
        "data_sha256": sha256_of(arguments.folder),
        "held_out": figures,
    }
    print(
        json.dumps(
            {key: values[key] for key in asdict(weights)},
            indent=1,
        )
    )
    if arguments.write:
        _WEIGHTS.write_text(json.dumps(values, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
