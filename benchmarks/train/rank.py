"""Fit the weights of ranking and of confidence, and write ``index/weights.json``.

    python benchmarks/train/rank.py FOLDER [--write]

FOLDER holds labelled data as its README tells: squad/, squadshifts/ and qamr/. Each corpus is
built into an index by the program's own code, asked its questions, and the features that the
program saw are what is fitted: pairwise logistic regression for the order, the weight of the
reranker's logit beside it, and logistic regression for the confidence that the first passage
answers. The last two are fitted on questions of texts that the reranker did not learn from, and
every figure printed for a corpus is of such questions, with weights fitted on the other corpora.
Nothing of the data is kept but the weights.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from corpora import Labelled, corpora, sha256_of
from sklearn.linear_model import LogisticRegression

from corpus.errors import InputError
from corpus.library import Library
from index.answer import AnswerSettings
from index.build import build
from index.evaluate import auroc
from index.fusion import (
    CONFIDENCE_FEATURES,
    FEATURES,
    Weights,
    confidence_features,
    in_order,
    reread,
    scored,
)
from index.opened import OpenSnapshot
from index.query import cleaned, read
from index.reranker import Reranker
from index.search import READ, Allowed
from index.snapshot import SnapshotStore
from index.spelling import CorpusVocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.fusion import Scored
    from index.query import Part

_SEED = 7
_WEIGHTS = Path(__file__).parents[2] / "index" / "weights.json"
_MODEL = "all-MiniLM-L6-v2"
# Wrong passages a question is learned from; the rest are too easy to teach anything.
_NEGATIVES = 15
# What people ask, guessed: a confidence of 0.8 can be right four times in five only for some mix.
_MIXTURE = {"answerable": 0.6, "near-miss": 0.2, "stranger": 0.2}
# Read of each question: more than the program reads, since fitted weights change the order.
_READ = 2 * READ
_GRID = tuple(step / 10 for step in range(31))
# Set by hand, since no question of the data names a date of publication or asks a heading: a
# date that fits outweighs a few words, and a heading must be much better than a sentence.
_BY_HAND = {"dated_inside": 1.0, "dated_outside": -1.5, "is_lines": -0.8}
_FITTED = tuple(name for name in FEATURES if name not in _BY_HAND)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: what was read from it, what was found, which of it is right.

    ``matrix`` has shape (candidates, features), ``right`` shape (candidates,), bool; ``logits``
    has the reranker's for the first `_READ` candidates in the order they were found in.
    """

    corpus: str
    kind: str
    part: Part
    ranked: tuple[Scored, ...]
    unseen: bool
    unknown: float
    matrix: NDArray[np.float64]
    right: NDArray[np.bool_]
    logits: tuple[float, ...]


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
    reader = Reranker.open()
    questions = [(q.text, q.document, q.spans, q.unseen) for q in corpus.questions]
    for text, document, spans, unseen in [
        *questions,
        *((text, "", (), True) for text in strangers),
    ]:
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
        logits: tuple[float, ...] = ()
        if unseen:
            texts = [snapshot.searcher.in_paragraph(place) for place in places[:_READ]]
            logits = tuple(reader.score(part.text, texts).tolist())
        asked.append(
            Asked(corpus.name, kind, part, ranked, unseen, unknown, matrix, np.array(right), logits)
        )
    snapshot.close()
    return asked


def fit_ranking(asked: Sequence[Asked]) -> dict[str, float]:
    """One weight a feature, from differences between right and wrong passages of a question."""
    columns = [FEATURES.index(name) for name in _FITTED]
    differences = []
    for one in asked:
        if one.right.any():
            wrong = one.matrix[~one.right][:_NEGATIVES][:, columns]
            differences.append(one.matrix[one.right][:1][:, columns] - wrong)
    rows = np.concatenate(differences)
    scale = rows.std(axis=0) + 1e-6
    signs = np.repeat([1, 0], len(rows))
    model = LogisticRegression(fit_intercept=False, max_iter=2000)
    model.fit(np.concatenate([rows, -rows]) / scale, signs)
    fitted = dict(zip(_FITTED, (model.coef_[0] / scale).tolist(), strict=True))
    return {name: round(float((fitted | _BY_HAND)[name]), 4) for name in FEATURES}


def rerank(one: Asked, weights: Weights) -> tuple[list[Scored], list[bool]]:
    """The candidates in the order of ``weights``, and which of them are right."""
    by_row = {found.candidate.passage.row: i for i, found in enumerate(one.ranked)}
    found = in_order([scored(f.candidate, f.features, weights) for f in one.ranked])
    if weights.reading:
        logits = []
        for candidate in found[:READ]:
            at = by_row[candidate.candidate.passage.row]
            # The few that only the new weights bring to the front were not read.
            logits.append(one.logits[at] if at < len(one.logits) else min(one.logits))
        found = reread(found, logits, weights)
    return found, [bool(one.right[by_row[f.candidate.passage.row]]) for f in found]


def fit_reading(asked: Sequence[Asked], ranking: dict[str, float]) -> float:
    """The weight of a logit: that of a grid with the best mean reciprocal rank."""

    def quality(weight: float) -> float:
        weights = Weights(ranking, {}, 0.0, weight)
        ranks = [rerank(one, weights)[1] for one in asked if one.right.any()]
        return float(np.mean([1 / (1 + rights.index(True)) for rights in ranks]))

    return max(_GRID, key=quality)


def fit_confidence(
    asked: Sequence[Asked], ranking: dict[str, float], reading: float
) -> tuple[dict[str, float], float]:
    """Weights and intercept of the chance that the first passage answers."""
    rows, right = confidence_rows(asked, Weights(ranking, {}, 0.0, reading))
    scale = rows.std(axis=0) + 1e-6
    model = LogisticRegression(max_iter=5000, C=0.3)
    model.fit(rows / scale, right, sample_weight=shares(asked))
    weights = zip(CONFIDENCE_FEATURES, (model.coef_[0] / scale).tolist(), strict=True)
    return {name: round(value, 4) for name, value in weights}, round(float(model.intercept_[0]), 4)


def shares(asked: Sequence[Asked]) -> NDArray[np.float64]:
    """A weight a question, by which each kind has the share of `_MIXTURE`."""
    kinds = [one.kind for one in asked]
    return np.array([_MIXTURE[kind] / kinds.count(kind) * len(kinds) for kind in kinds])


def confidence_rows(
    asked: Sequence[Asked], weights: Weights
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Shape (questions, features), and whether each question's first passage is right."""
    rows, right = [], []
    for one in asked:
        ranked, rights = rerank(one, weights)
        values = confidence_features(one.part, ranked, one.unknown)
        rows.append([values[name] for name in CONFIDENCE_FEATURES])
        right.append(rights[0])
    return np.array(rows), np.array(right)


def report(name: str, asked: Sequence[Asked], weights: Weights) -> dict[str, float]:
    """What ``weights`` do on a corpus they were not fitted on."""
    rows, right = confidence_rows(asked, weights)
    columns = np.array([weights.confidence[feature] for feature in CONFIDENCE_FEATURES])
    sure = 1 / (1 + np.exp(-(rows @ columns + weights.intercept)))
    kinds = np.array([one.kind for one in asked])
    ranks = [rerank(one, weights)[1] for one in asked if one.kind == "answerable"]
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


def fit(asked: Sequence[Asked]) -> Weights:
    """Both sets of weights."""
    ranking = fit_ranking(asked)
    unseen = [one for one in asked if one.unseen]
    reading = fit_reading(unseen, ranking)
    return Weights(ranking, *fit_confidence(unseen, ranking, reading), reading)


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
        held_out = [one for one in asked if one.corpus == corpus.name and one.unseen]
        if any(one.kind == "answerable" for one in held_out):
            weights = fit([one for one in asked if one.corpus != corpus.name])
            report(f"{corpus.name} unread", held_out, replace(weights, reading=0.0))
            figures[corpus.name] = report(corpus.name, held_out, weights)
    weights = fit(asked)
    values = {
        "ranking": weights.ranking,
        "confidence": weights.confidence,
        "intercept": weights.intercept,
        "reading": weights.reading,
        "made_by": "python benchmarks/train/rank.py FOLDER --write",
        "seed": _SEED,
        "data_sha256": sha256_of(arguments.folder),
        "held_out": figures,
    }
    print(
        json.dumps(
            {key: values[key] for key in ("ranking", "reading", "confidence", "intercept")},
            indent=1,
        )
    )
    if arguments.write:
        _WEIGHTS.write_text(json.dumps(values, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
