"""Fit the weights of ranking and of confidence, and write ``index/weights.json``.

    python benchmarks/train/rank.py FOLDER [--reader READER] [--ablate] [--write]

FOLDER holds labelled data as its README tells: squad/, squadshifts/ and qamr/; our own questions
(``own.py``) go with them. Each corpus is built into an index by the program's own code, asked its
questions, and the features that the program saw are what is fitted: pairwise logistic regression
for the order, and two logistic models for the confidence: whether a question is about the corpus,
and whether, if so, the first passage answers. Near misses are the data's own, and answerable
questions whose answers are taken out of the ranking. With a READER, a folder of one, weights for
what it reads are fitted beside those for rankings that nobody reads. Every figure printed for a
corpus comes from weights fitted on the others; ``--ablate`` prints their means with groups of
features left out, the rest fitted anew. Nothing of the data is kept but the weights.
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
from indexed import indexed
from rank_fit import KEPT, Asked, fit, fit_read, reranked, shares, with_withheld

from corpus.errors import InputError
from index.answer import AnswerSettings
from index.asks import Asks
from index.evaluate import auroc
from index.evidence import GROUPS
from index.excerpts import Cutter
from index.fusion import Weights, confidence
from index.query import cleaned, read
from index.reader import Reader
from index.rereading import Rereader
from index.search import Allowed
from index.spelling import CorpusVocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_SEED = 7
_WEIGHTS = Path(__file__).parents[2] / "index" / "weights.json"
_GROUPS = {
    "nothing": (),
    "pairs": ("pairs",),
    "names": ("names_own", "names_around"),
    "neighbours": ("around", "names_around"),
    "kind asked for": (*(asks.value for asks in Asks), "suits", "unsuited"),
    **GROUPS,
    "plain evidence": tuple(name for names in GROUPS.values() for name in names),
}


def ask_all(
    corpus: Labelled, strangers: Sequence[str], data: Path, reader: Reader | None
) -> list[Asked]:
    """Ask a corpus its own questions and those of ``strangers``, which it cannot answer."""
    settings = AnswerSettings(second_reading=False)
    snapshot = indexed(corpus, data, settings)
    catalogue = snapshot.catalogue
    vocabulary = CorpusVocabulary(catalogue, snapshot.encoder)
    cutter = Cutter(catalogue, settings.excerpt_characters)
    rereader = Rereader(reader, catalogue, Weights.load()) if reader is not None else None
    asked = []
    questions = [(q.text, q.document, q.spans) for q in corpus.questions]
    for text, document, spans in [*questions, *((text, "", ()) for text in strangers)]:
        try:
            part = read(cleaned(text), vocabulary)
        except InputError:
            continue
        ranked = tuple(snapshot.searcher.rank(part, Allowed(None))[:KEPT])
        if not ranked or not part.terms:
            continue
        places = [found.candidate.passage for found in ranked]
        grown = [cutter.grown(place, catalogue.document(place.document_id), ()) for place in places]
        right, shown = (
            [
                place.document_id == document and any(stretch.overlaps(span) for span in spans)
                for place, stretch in zip(places, stretches, strict=True)
            ]
            for stretches in ([place.span for place in places], grown)
        )
        kind = "answerable" if spans else "near-miss" if document else "stranger"
        unknown = snapshot.searcher.unknown(part)
        readings = rereader.readings(part, ranked) if rereader is not None else {}
        marks = np.array(right), np.array(shown)
        asked.append(Asked(corpus.name, kind, part, ranked, unknown, *marks, readings))
    snapshot.close()
    return asked


def report(asked: Sequence[Asked], weights: Weights, read_by: Weights | None) -> dict[str, float]:
    """What weights do on a corpus that they were not fitted on."""
    found = reranked(with_withheld(asked), weights, read_by)
    used = read_by or weights
    sure = np.array([confidence(one.values, used) for one in found])
    right = np.array([one.answered for one in found])
    kinds = [one.asked.kind for one in found]
    ranks = [one.right for one in found if one.asked.kind == "answerable"]
    by_kind: dict[str, list[float]] = {
        kind: sure[[one == kind for one in kinds]].tolist() for kind in dict.fromkeys(kinds)
    }
    bins = np.clip((sure * 10).astype(int), 0, 9)
    weight = shares([one.asked for one in found])
    error = sum(
        abs((weight * (sure - right))[bins == b].sum()) / weight.sum() for b in np.unique(bins)
    )
    return {
        **{f"R@{k}": float(np.mean([any(r[:k]) for r in ranks])) for k in (1, 3, 5)},
        "shown": float(right[[kind == "answerable" for kind in kinds]].mean()),
        **{
            kind: auroc(by_kind["answerable"], by_kind.get(kind, []))
            for kind in ("near-miss", "withheld", "stranger")
        },
        "ECE": float(error),
    }


def held_out(
    asked: Sequence[Asked], *, reading: bool, less: Collection[str] = ()
) -> dict[str, dict[str, float]]:
    """For each corpus what weights do on it that were fitted on the others."""
    figures = {}
    for name in dict.fromkeys(one.corpus for one in asked):
        others = [one for one in asked if one.corpus != name]
        plain = fit(others, less=less)
        read_by = fit_read(others, plain, less=less) if reading else None
        figures[name] = report([one for one in asked if one.corpus == name], plain, read_by)
    return figures


def print_figures(name: str, figures: dict[str, float]) -> None:
    """One line of a table."""
    print(f"{name:<34}", *(f"{key} {value:.3f}" for key, value in figures.items()), flush=True)


def ablate(asked: Sequence[Asked], *, reading: bool) -> None:
    """Print the means over the corpora with each group of features left out."""
    for name, less in _GROUPS.items():
        rows = list(held_out(asked, reading=reading, less=less).values())
        means = {key: float(np.nanmean([row[key] for row in rows])) for key in rows[0]}
        print_figures(f"without {name}", means)


def main() -> None:
    """Ask, fit, print, and write the weights if told to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, help="keep vectors here for the next run")
    parser.add_argument("--reader", type=Path, help="the folder of a reader")
    parser.add_argument("--ablate", action="store_true", help="leave groups of features out")
    parser.add_argument("--write", action="store_true", help=f"write {_WEIGHTS.name}")
    arguments = parser.parse_args()
    chance = random.Random(_SEED)  # noqa: S311 - a sample, not a secret
    everything = corpora(arguments.folder, chance, untaught=arguments.reader is not None)
    reader = Reader.open(arguments.reader) if arguments.reader else None
    asked: list[Asked] = []
    with tempfile.TemporaryDirectory() as temporary:
        data = arguments.work or Path(temporary)
        for corpus in everything:
            others = [
                q.text for other in everything if other is not corpus for q in other.questions
            ]
            strangers = chance.sample(others, len(corpus.questions) // 3)
            asked += ask_all(corpus, strangers, data, reader)
            print(f"asked {corpus.name}: {len(corpus.documents)} documents", flush=True)
    plain = fit(asked)
    values: dict[str, Any] = {"plain": asdict(plain)}
    if reader is not None:
        values["with_reader"] = asdict(fit_read(asked, plain))
    options = "--reader READER --write" if reader is not None else "--write"
    values |= {
        "made_by": f"python benchmarks/train/rank.py FOLDER {options}",
        "seed": _SEED,
        "data_sha256": sha256_of(arguments.folder),
    }
    for name, reading in {"held_out": False, "held_out_with_reader": True}.items():
        if reading and reader is None:
            continue
        figures = held_out(asked, reading=reading)
        for corpus_name, row in figures.items():
            print_figures(f"{corpus_name}{' read' if reading else ''}", row)
        values[name] = {
            corpus_name: {key: _rounded(value) for key, value in row.items()}
            for corpus_name, row in figures.items()
        }
    if arguments.ablate:
        ablate(asked, reading=reader is not None)
    if arguments.write:
        _WEIGHTS.write_text(json.dumps(values, indent=1) + "\n", "utf-8")
    else:
        print(
            json.dumps({name: values[name] for name in ("plain", "with_reader") if name in values})
        )


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 3)


if __name__ == "__main__":
    main()
