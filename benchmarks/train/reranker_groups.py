"""What one step learns from: a question, a sentence that answers it, and some that do not."""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from reranker_data import Corpus, Part, Question
from reranker_rough import names, near_miss, rough

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reranker_base import Baseline

MINED: Final = 12
WRONG: Final = 3
# The near misses of SQuAD are few and the only ones that people wrote. A third of the questions
# about reviews and comments will do: they are the least like an announcement.
_TIMES: Final = {"squad": 2.0, "new_wiki": 1.0, "reddit": 0.35, "amazon": 0.35, "wikinews": 1.0}
_INFORMAL: Final = ("reddit", "amazon")
_ROUGH: Final = 0.35
_MISSES: Final = 0.25
# Of the wrong sentences from elsewhere, those of the same article taken blindly.
_EASY: Final = 0.4

Triple = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """A question with passages; the first answers if ``is_answered``, no other does."""

    question: str
    passages: tuple[Triple, ...]
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Mined:
    """A corpus with its training questions and the sentences that score best for each."""

    corpus: Corpus
    questions: list[Question]
    best: list[list[int]]
    names: list[str]


def mined(corpus: Corpus, baseline: Baseline) -> Mined:
    """The training questions of ``corpus`` with their hard negatives."""
    encoded = baseline.encoded([question.text for question in corpus.questions])
    questions, best = [], []
    for question, vector in zip(corpus.questions, encoded, strict=True):
        if question.part is not Part.TRAIN:
            continue
        questions.append(question)
        rows, scores = baseline.best(question.text, vector, MINED)
        beside = sorted(corpus.rows_of_passage[question.passage], key=lambda row: -scores[row])
        best.append([*rows, *(row for row in beside if row not in rows)])
    return Mined(corpus, questions, best, names(question.text for question in questions))


def groups(everything: Sequence[Mined], seed: int, count: int | None) -> list[Group]:
    """The groups of a whole run in a random order, at most ``count``."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    order = []
    for one in everything:
        wanted = int(_TIMES[one.corpus.name] * len(one.questions))
        for _ in range(0, wanted, len(one.questions)):
            places = chance.sample(range(len(one.questions)), min(wanted, len(one.questions)))
            order += [(one, at) for at in places]
    chance.shuffle(order)
    found: list[Group] = []
    for one, at in order:
        found.append(_group(one, at, chance))
        if one.questions[at].gold and chance.random() < _MISSES:
            found += _missed(one, at, chance)
    return found[:count]


def _group(one: Mined, at: int, chance: random.Random) -> Group:
    question, corpus = one.questions[at], one.corpus
    wrong = [row for row in one.best[at] if row not in question.gold]
    beside = [row for row in wrong if corpus.sentences[row].passage == question.passage]
    hard = [row for row in wrong if row not in beside]
    article = corpus.sentences[corpus.rows_of_passage[question.passage][0]].article
    near = [row for row in corpus.rows_of_article[article] if row not in question.gold]
    # Of the passage the likeliest first; reviews elsewhere may well answer "how much is it?".
    rows = beside[:1] + chance.sample(beside[1:], min(1, len(beside[1:])))
    other = near if corpus.name in _INFORMAL or chance.random() < _EASY else hard
    rows += chance.sample(other, min(1, len(other)))
    while len(rows) < WRONG:
        rows.append(chance.randrange(len(corpus.sentences)))
    rows = [row for row in dict.fromkeys(rows) if row not in question.gold]
    if question.gold:
        rows.insert(0, chance.choice(question.gold))
    text = rough(question.text, chance) if chance.random() < _ROUGH else question.text
    triples = tuple(corpus.sentences[row].triple for row in rows)
    return Group(text, triples, bool(question.gold))


def _missed(one: Mined, at: int, chance: random.Random) -> list[Group]:
    """A near miss of the question over the sentence that answers it and its likeliest neighbour."""
    question, sentences = one.questions[at], one.corpus.sentences
    gold = sentences[question.gold[0]]
    text = near_miss(question.text, " ".join(gold.triple), one.names or ["it"], chance)
    if text is None:
        return []
    beside = [row for row in one.best[at] if row not in question.gold]
    if chance.random() < _ROUGH:
        text = rough(text, chance)
    return [Group(text, (gold.triple, *(sentences[row].triple for row in beside[:1])), False)]  # noqa: FBT003
